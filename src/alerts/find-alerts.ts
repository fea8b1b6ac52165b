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

const deadStatement = {
  name: 'alerts-dead',
  text: `
    select j.name as subject, o.outcome::text as outcome,
           regexp_replace(hbnb_jobs.error_signature(o.error), '${address}', '…', 'g') as signature,
           count(*)::int as count, max(o.finished_at) as at, (array_agg(o.id order by o.id))[1] as "jobId"
    from hbnb_jobs.job_outcomes o join hbnb_jobs.jobs j using (id)
    where o.finished_at > $1 and o.finished_at <= $2 and o.outcome in ('failed', 'quarantined')
      and j.tenant not like '%:test'
    group by 1, 2, 3 order by count(*) desc, 1, 3 limit ${maxGroups}`,
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
    select schedule_key as subject, decision, count(*)::int as count, max(decided_at) as at from hbnb_jobs.schedule_runs
    where decided_at > $1 and decided_at <= $2 and decision in ('skipped-missed', 'refused')
    group by 1, 2 order by 1, 2 limit ${maxGroups}`,
}

const lateStatement = {
  name: 'alerts-late',
  text: `
    select key as subject, extract(epoch from now() - look_at)::float8 as seconds from hbnb_jobs.schedules
    where removed_at is null and look_at < now() - $1 * interval '1 ms' order by look_at limit ${maxGroups}`,
}

interface Found {
  readonly subject: string
  readonly count: number
  readonly at: Date
}

/** What happened in (after, until], and what is wrong now, worst first. */
export async function findAlerts(
  run: RunStatement,
  { after, until, oldestDueMs }: { readonly after: Date; readonly until: Date; readonly oldestDueMs: number },
): Promise<Alert[]> {
  const [[relay], paused, oldest, dead, missed, late] = await Promise.all([
    run<{ present: boolean }>(relayStatement, [relayAbsentAfterMs]),
    run<{ subject: string; reason: string | null }>(pausedStatement),
    run<{ subject: string; seconds: number; count: number }>(oldestStatement, [oldestDueMs]),
    run<Found & { outcome: string; signature: string | null; jobId: string }>(deadStatement, [after, until]),
    run<Found & { decision: string }>(missedStatement, [after, until]),
    run<{ subject: string; seconds: number }>(lateStatement, [lateAfterMs]),
  ])
  const now = { signature: null, jobId: null, at: until }
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
    ...dead.map(({ subject, outcome, signature, count, at, jobId }) => ({
      kind: outcome === 'failed' ? ('dead-letters' as const) : ('quarantined' as const),
      subject,
      signature,
      text: `${jobs(count)} of ${subject} ${outcome === 'failed' ? 'failed for good' : 'ended their process three times'}: ${signature ?? 'no error kept'}`,
      jobId,
      at,
    })),
    ...oldest.map(({ subject, seconds, count }) => ({
      ...now,
      kind: 'oldest-due' as const,
      subject,
      text: `${jobs(count)} of ${subject} should have been started long ago, the oldest ${minutes(seconds)}.`,
    })),
    ...missed.map(({ subject, decision, count, at }) => ({
      ...now,
      kind: 'schedule-missed' as const,
      subject,
      at,
      text: `${subject}: ${count} ${count === 1 ? 'run' : 'runs'} ${decision === 'refused' ? 'could not be made, the job type refused the payload' : 'missed and not made up for'}.`,
    })),
    ...late.map(({ subject, seconds }) => ({
      ...now,
      kind: 'schedule-late' as const,
      subject,
      text: `${subject} should have been looked at ${minutes(seconds)}.`,
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
