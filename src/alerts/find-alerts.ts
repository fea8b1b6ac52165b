import type { RunStatement } from '../db/statement.ts'
import type { Alert } from './alert.ts'

/** More groups than these in one look are not told one by one: something is wrong everywhere. */
const maxGroups = 50
/** Longer than a deployment leaves between the old relay and the new one. */
const relayAbsentAfterMs = 60_000
/** A schedule that nobody has looked at for so long. */
const lateAfterMs = 300_000
/** Our own texts hold no addresses; what somebody else's code has put into an error may. */
const address = '[^[:space:]]+@[^[:space:]]+'
const addresses = /\S+@\S+/g

/** What has happened and was told stays told: only what came after it counts. */
const untold = (key: string, at: string) =>
  `not exists (select from hbnb_jobs.alerts_sent s where s.channel = $3 and s.key = ${key} and s.sent_at >= ${at})`

const deadStatement = {
  name: 'alerts-dead',
  text: `
    with ended as (
      select case o.outcome when 'failed' then 'dead-letters' else 'quarantined' end as kind, j.name as subject,
             regexp_replace(hbnb_jobs.error_signature(o.error), '${address}', '…', 'g') as signature, o.finished_at, o.id
      from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
      where o.finished_at > $1 and o.finished_at <= $2 and o.outcome in ('failed', 'quarantined')
        and j.tenant not like '%:test'
    )
    select kind, subject, signature, count(*)::int as count, min(finished_at) as since, max(finished_at) as at,
           (array_agg(id order by id))[1] as "jobId"
    from ended where ${untold(`kind || '|' || subject || '|' || coalesce(signature, '')`, 'finished_at')}
    group by 1, 2, 3 order by count(*) desc, kind, subject, signature limit ${maxGroups}`,
}

const pausedStatement = {
  name: 'alerts-paused',
  text: `
    select name as subject, paused_reason as reason from hbnb_jobs.queue_settings
    where paused_at is not null and paused_by = 'runtime' order by name`,
}

/** What people have paused, and what a provider has asked to wait for, waits rightly. */
const oldestStatement = {
  name: 'alerts-oldest',
  text: `
    select l.name as subject, extract(epoch from now() - min(l.run_at))::float8 as seconds, count(*)::int as count
    from hbnb_jobs.job_live l
    where l.run_at < now() - $1 * interval '1 ms' and l.attempts = 0 and l.state in ('accepted', 'queued')
      and not exists (select from hbnb_jobs.queue_settings s where s.name = l.name and s.paused_at is not null)
    group by l.name order by 2 desc limit ${maxGroups}`,
}

const relayStatement = {
  name: 'alerts-relay',
  text: `
    select exists (
      select from hbnb_jobs.processes where kind = 'relay' and beat_at > now() - $1 * interval '1 ms'
    ) or not exists (
      -- Everything has just been started.
      select from hbnb_jobs.processes where ended_at is null and started_at < now() - $1 * interval '1 ms'
    ) as present`,
}

const missedStatement = {
  name: 'alerts-missed',
  text: `
    select schedule_key as subject, decision, count(*)::int as count, min(decided_at) as since, max(decided_at) as at
    from hbnb_jobs.schedule_runs
    where decided_at > $1 and decided_at <= $2 and decision in ('skipped-missed', 'refused')
      and ${untold(`'schedule-missed|' || schedule_key || '|'`, 'decided_at')}
    group by 1, 2 order by 1, 2 limit ${maxGroups}`,
}

const lateStatement = {
  name: 'alerts-late',
  text: `
    select key as subject, extract(epoch from now() - look_at)::float8 as seconds from hbnb_jobs.schedules
    where removed_at is null and look_at < now() - $1 * interval '1 ms' order by look_at limit ${maxGroups}`,
}

/** As long as SMS are still asked for. */
const smsCapStatement = {
  name: 'alerts-sms-cap',
  text: `
    select messages, spent_minor::float8 as "spentMinor", refused from hbnb_jobs.sms_days
    where day = (now() at time zone 'utc')::date and refused_at > now() - interval '1 hour'`,
}

interface Found {
  readonly subject: string
  readonly count: number
  readonly since: Date
  readonly at: Date
}

interface Dead extends Found {
  readonly kind: 'dead-letters' | 'quarantined'
  readonly signature: string | null
  readonly jobId: string
}

/** What a look is for: what happened in (after, until] and this channel has not told, and queues that are late by more. */
interface Look {
  readonly channel: string
  readonly after: Date
  readonly until: Date
  readonly oldestDueMs: number
}

/** What happened and what is wrong now, worst first. */
export async function findAlerts(run: RunStatement, { channel, after, until, oldestDueMs }: Look): Promise<Alert[]> {
  const [[relay], paused, oldest, dead, missed, late, smsCaps] = await Promise.all([
    run<{ present: boolean }>(relayStatement, [relayAbsentAfterMs]),
    run<{ subject: string; reason: string | null }>(pausedStatement),
    run<{ subject: string; seconds: number; count: number }>(oldestStatement, [oldestDueMs]),
    run<Dead>(deadStatement, [after, until, channel]),
    run<Found & { decision: string }>(missedStatement, [after, until, channel]),
    run<{ subject: string; seconds: number }>(lateStatement, [lateAfterMs]),
    run<{ messages: number; spentMinor: number; refused: number }>(smsCapStatement),
  ])
  const now = { signature: null, jobId: null, since: until, at: until }
  return [
    ...(relay?.present === true
      ? []
      : [
          { ...now, kind: 'relay-absent', subject: null, text: 'No relay runs: due jobs stay in the ledger.' } as const,
        ]),
    ...paused.map(({ subject, reason }) => ({
      ...now,
      kind: 'paused-by-config' as const,
      subject,
      text: `${subject} is paused: our own credentials were refused (${plain(reason ?? 'no reason kept')}).`,
    })),
    ...dead.map(({ kind, subject, signature, count, since, at, jobId }) => ({
      kind,
      subject,
      signature,
      text: `${jobs(count)} of ${subject} ${kind === 'dead-letters' ? 'failed for good' : 'ended their process three times'}: ${signature ?? 'no error kept'}`,
      jobId,
      since,
      at,
    })),
    ...oldest.map(({ subject, seconds, count }) => ({
      ...now,
      kind: 'oldest-due' as const,
      subject,
      text: `${jobs(count)} of ${subject} should have been started long ago, the oldest ${minutes(seconds)}.`,
    })),
    ...missed.map(({ subject, decision, count, since, at }) => ({
      ...now,
      kind: 'schedule-missed' as const,
      subject,
      since,
      at,
      text: `${subject}: ${count} ${count === 1 ? 'run' : 'runs'} ${decision === 'refused' ? 'could not be made, the job type refused the payload' : 'missed and not made up for'}.`,
    })),
    ...late.map(({ subject, seconds }) => ({
      ...now,
      kind: 'schedule-late' as const,
      subject,
      text: `${subject} should have been looked at ${minutes(seconds)}.`,
    })),
    ...smsCaps.map(({ messages, spentMinor, refused }) => ({
      ...now,
      kind: 'sms-cap' as const,
      subject: 'sms.send',
      text: `The SMS of the day are used up: ${messages} sent for ${spentMinor} minor units, ${refused} not sent.`,
    })),
  ]
}

function plain(text: string): string {
  return text.replace(addresses, '…')
}

function jobs(count: number): string {
  return `${count} ${count === 1 ? 'job' : 'jobs'}`
}

function minutes(seconds: number): string {
  const whole = Math.floor(seconds / 60)
  return `${whole} ${whole === 1 ? 'minute' : 'minutes'} ago`
}
