import type { Knex } from 'knex'
import type { SandboxControl } from '../../src/sandbox/control-client.ts'
import type { Booking } from './bookings.ts'
import type { Ended } from './scenario.ts'

type Provider = 'sendgrid' | 'twilio' | 'fcm'

/** What must have happened outside: how often each recipient of each provider is to be reached. */
export type Expected = Readonly<Record<Provider, ReadonlyMap<string, number>>>

export function expectedOf(bookings: readonly Booking[], mails: ReadonlyMap<string, number>): Expected {
  return {
    sendgrid: new Map([...bookings.map(({ email }) => [email, 1] as const), ...mails]),
    twilio: new Map(bookings.map(({ phone }) => [phone, 1])),
    fcm: new Map(bookings.map(({ device }) => [device, 1])),
  }
}

/** Effects as the provider counted them, against what was asked. */
export interface EffectTally {
  readonly expected: number
  /** Expected effects that happened. */
  readonly seen: number
  /** Effects beyond the expected ones: to a recipient reached before, or to one who must not be reached. */
  readonly doubled: number
  /** Recipients that were not reached, as `provider recipient`. */
  readonly missing: readonly string[]
  readonly twice: readonly string[]
}

/** Counts effects per recipient. A push sent again under its collapse id shows once on the device, so it counts once. */
export async function tallyEffects(sandbox: SandboxControl, expected: Expected): Promise<EffectTally> {
  const counts = await sandbox.counts()
  let [wanted, seen, doubled] = [0, 0, 0]
  const missing: string[] = []
  const twice: string[] = []
  for (const provider of ['sendgrid', 'twilio', 'fcm'] as const) {
    const reached = counts[provider].recipients
    for (const recipient of new Set([...expected[provider].keys(), ...Object.keys(reached)])) {
      const want = expected[provider].get(recipient) ?? 0
      let got = reached[recipient] ?? 0
      if (provider === 'fcm' && got > want) {
        const pushes = await sandbox.effects({ provider, recipient })
        got = new Set(pushes.map(({ key, id }) => key ?? id)).size
      }
      wanted += want
      seen += Math.min(got, want)
      doubled += Math.max(0, got - want)
      if (got < want) missing.push(`${provider} ${recipient}`)
      if (got > want) twice.push(`${provider} ${recipient} ${got}×`)
    }
  }
  return { expected: wanted, seen, doubled, missing, twice }
}

/** Jobs as the ledger has them. */
export interface JobTally {
  readonly accepted: number
  readonly done: number
  readonly ended: readonly Ended[]
  /** Acknowledged ids without a row, and rows that did not end. */
  readonly lost: number
  readonly unknownOpen: number
  /** SMS that may have been sent and are not counted, or counted and surely not sent, or counted twice. */
  readonly miscountedSms: number
  readonly burntAttempts: number
  /** Of these, spent because a connection to a provider was not made in time: no fault of ours does that, a slow machine does. */
  readonly burntUnreached: number
}

export async function tallyJobs(knex: Knex, acceptedIds: readonly string[]): Promise<JobTally> {
  const { rows } = await knex.raw<{ rows: Record<string, string>[] }>(
    `select
       (select count(*) from hbnb_jobs.jobs) as accepted,
       (select count(*) from unnest(:ids::uuid[]) as a(id) where not exists (select from hbnb_jobs.jobs j where j.id = a.id)) as missing,
       (select count(*) from hbnb_jobs.jobs j where not exists (select from hbnb_jobs.job_outcomes o where o.id = j.id)) as open,
       (select count(*) from hbnb_jobs.job_outcomes where outcome in ('completed', 'skipped', 'cancelled')) as done,
       (select coalesce(sum(attempts - 1), 0) from hbnb_jobs.job_outcomes) as burnt,
       (select count(*) from hbnb_jobs.job_attempts where ending = 'retry' and error ->> 'code' like '%-unreachable') as burnt_unreached,
       (select count(*) from hbnb_jobs.effects where state = 'sending' or (state = 'unknown' and settled_at is null)) as unknown_open,
       (select count(*) from hbnb_jobs.sms_sends s full join (
          select job_id from hbnb_jobs.effects where provider = 'twilio' and state in ('accepted', 'unknown')
        ) e using (job_id) where s.job_id is null or e.job_id is null)
       + (select coalesce(sum(abs(d.messages - (select count(*) from hbnb_jobs.sms_sends s where s.day = d.day))), 0)
          from hbnb_jobs.sms_days d) as miscounted_sms`,
    { ids: [...acceptedIds] },
  )
  const figure = (name: string) => Number(rows[0]?.[name] ?? Number.NaN)
  const ended = await knex('hbnb_jobs.job_outcomes as o')
    .join('hbnb_jobs.jobs as j', 'j.id', 'o.id')
    .whereIn('o.outcome', ['failed', 'quarantined'])
    .select<Ended[]>('j.id', 'j.name', 'o.outcome', knex.raw(`o.error ->> 'code' as code`))
  return {
    accepted: figure('accepted'),
    done: figure('done'),
    ended,
    lost: figure('missing') + figure('open'),
    unknownOpen: figure('unknown_open'),
    miscountedSms: figure('miscounted_sms'),
    burntAttempts: figure('burnt'),
    burntUnreached: figure('burnt_unreached'),
  }
}

/** What the jobs that did not end are waiting for, and which errors cost attempts: where to look first. */
export async function findingsIn(knex: Knex): Promise<{
  open: string[]
  burnt: string[]
  held: string[]
  unended: string[]
}> {
  const open = await knex.raw<{ rows: { line: string }[] }>(
    `select format('%s × %s %s%s%s', count(*), l.name, l.state,
              case when l.run_at > now() then ' due later' else '' end,
              case when p.id is null then '' when p.swept_at is not null then ' by a swept process' when p.ended_at is not null then ' by an ended process' else ' by a live process' end) as line
     from hbnb_jobs.job_live l left join hbnb_jobs.processes p on p.id = l.owner and l.state = 'running'
     group by l.name, l.state, l.run_at > now(), p.id is null, p.swept_at is not null, p.ended_at is not null order by count(*) desc`,
  )
  const burnt = await knex.raw<{ rows: { line: string }[] }>(
    `select format('%s × %s %s', count(*), j.name, coalesce(a.error ->> 'code', a.error ->> 'message')) as line
     from hbnb_jobs.job_attempts a join hbnb_jobs.jobs j on j.id = a.job_id
     where a.ending = 'retry' group by j.name, a.error ->> 'code', a.error ->> 'message' order by count(*) desc`,
  )
  const held = await knex.raw<{ rows: { line: string }[] }>(
    `select format('%s for %s s: %s', budget, round(extract(epoch from held_until - now())), reason) as line
     from hbnb_jobs.provider_holds where held_until > now()
     union all select format('%s paused by %s: %s', name, paused_by, paused_reason) from hbnb_jobs.queue_settings where paused_at is not null`,
  )
  const unended = await knex.raw<{ rows: { line: string }[] }>(
    `select format('%s × %s, %s in job_live', count(*), j.name, count(l.id)) as line
     from hbnb_jobs.jobs j left join hbnb_jobs.job_live l using (id)
     where not exists (select from hbnb_jobs.job_outcomes o where o.id = j.id) group by j.name`,
  )
  return {
    unended: unended.rows.map(({ line }) => line),
    held: held.rows.map(({ line }) => line),
    open: open.rows.map(({ line }) => line),
    burnt: burnt.rows.map(({ line }) => line),
  }
}
