import type { RunStatement } from '../db/statement.ts'

/** What operators and the runtime have set for one queue. Postgres is the truth; BullMQ only mirrors it. */
export interface QueueSettings {
  readonly name: string
  readonly pausedAt: Date | null
  readonly pausedBy: string | null
  readonly pausedReason: string | null
  /** Set when refused credentials paused it: then one job is let through to see whether they work again. */
  readonly probeAt: Date | null
  readonly concurrency: number | null
  readonly rateMax: number | null
  readonly ratePeriodMs: number | null
}

/** Who pauses when our own credentials are refused. */
const configPauser = 'runtime'
const probeEveryMs = 300_000

const listStatement = {
  name: 'settings-list',
  text: `
    select name, paused_at as "pausedAt", paused_by as "pausedBy", paused_reason as "pausedReason", probe_at as "probeAt",
           concurrency, rate_max as "rateMax", rate_period_ms as "ratePeriodMs"
    from hbnb_jobs.queue_settings order by name`,
}

export async function listSettings(run: RunStatement): Promise<QueueSettings[]> {
  return await run<QueueSettings>(listStatement)
}

const pauseStatement = {
  name: 'settings-pause',
  text: `
    insert into hbnb_jobs.queue_settings (name, paused_at, paused_by, paused_reason) values ($1, now(), $2, $3)
    on conflict (name) do update
    set paused_at = coalesce(queue_settings.paused_at, now()), paused_by = $2, paused_reason = $3, probe_at = null,
        changed_at = now()`,
}

/** Stops a queue until somebody resumes it: what waits goes back to the ledger, what runs ends. */
export async function pauseQueue(run: RunStatement, name: string, who: string, reason: string): Promise<void> {
  await run(pauseStatement, [name, who, reason])
}

const resumeStatement = {
  name: 'settings-resume',
  text: `
    update hbnb_jobs.queue_settings
    set paused_at = null, paused_by = null, paused_reason = null, probe_at = null, changed_at = now()
    where name = $1 and paused_at is not null returning name, (select pg_notify('hbnb_jobs', ''))`,
}

/** Answers false when the queue was not paused. */
export async function resumeQueue(run: RunStatement, name: string): Promise<boolean> {
  return (await run(resumeStatement, [name])).length > 0
}

const configPauseStatement = {
  name: 'settings-config-pause',
  text: `
    insert into hbnb_jobs.queue_settings (name, paused_at, paused_by, paused_reason, probe_at)
    values ($1, now(), '${configPauser}', $2, now() + ${probeEveryMs} * interval '1 ms')
    on conflict (name) do update
    set paused_at = now(), paused_by = '${configPauser}', paused_reason = $2,
        probe_at = now() + ${probeEveryMs} * interval '1 ms', changed_at = now()
    where queue_settings.paused_at is null
    returning name`,
}

/** Refused credentials: pauses the queue until a probe gets through. Answers true for the first to say so. */
export async function pauseForConfig(run: RunStatement, name: string, reason: string): Promise<boolean> {
  return (await run(configPauseStatement, [name, reason])).length > 0
}

const takeProbesStatement = {
  name: 'settings-take-probes',
  text: `
    update hbnb_jobs.queue_settings set probe_at = now() + ${probeEveryMs} * interval '1 ms'
    where paused_at is not null and probe_at <= now() returning name`,
}

/** Queues whose probe is due; each is answered to one caller only, and again after five minutes. */
export async function takeProbes(run: RunStatement): Promise<string[]> {
  return (await run<{ name: string }>(takeProbesStatement)).map(({ name }) => name)
}

const giveProbesBackStatement = {
  name: 'settings-give-probes-back',
  text: `
    update hbnb_jobs.queue_settings set probe_at = now()
    where name = any($1::text[]) and paused_at is not null and probe_at is not null`,
}

/** No job was due that could have been the probe: the next one is. */
export async function giveProbesBack(run: RunStatement, names: readonly string[]): Promise<void> {
  if (names.length > 0) await run(giveProbesBackStatement, [names])
}

const probedStatement = {
  name: 'settings-probed',
  text: `
    update hbnb_jobs.queue_settings
    set paused_at = null, paused_by = null, paused_reason = null, probe_at = null, changed_at = now()
    where name = $1 and probe_at is not null returning name, (select pg_notify('hbnb_jobs', ''))`,
}

/** A probe got through: the queue goes on, unless an operator has paused it meanwhile. */
export async function resumeAfterProbe(run: RunStatement, name: string): Promise<boolean> {
  return (await run(probedStatement, [name])).length > 0
}

const limitStatement = {
  name: 'settings-limit',
  text: `
    insert into hbnb_jobs.queue_settings (name, concurrency, rate_max, rate_period_ms) values ($1, $2, $3, $4)
    on conflict (name) do update
    set concurrency = $2, rate_max = $3, rate_period_ms = $4, changed_at = now()`,
}

/** Limits everywhere, in place of the contract's; null = as the contract says. */
export async function limitQueue(
  run: RunStatement,
  name: string,
  limits: { concurrency: number | null; rateMax: number | null; ratePeriodMs: number | null },
): Promise<void> {
  await run(limitStatement, [name, limits.concurrency, limits.rateMax, limits.ratePeriodMs])
}
