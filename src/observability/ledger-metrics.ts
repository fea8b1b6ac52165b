import { Gauge, type Registry } from 'prom-client'
import { v7 } from 'uuid'
import type { RunStatement } from '../db/statement.ts'
import { crashedAfterMs } from '../ledger/processes.ts'
import { jobStateSql } from '../ledger/status.ts'

/** Scrapes nearer together than this share one reading. */
const keptMs = 5_000
/** A reading is kept this many times as long as it took: counting millions of rows never takes more than a twentieth. */
const keptPerReading = 20
/** A schedule that is looked at so much later than it should be is late. */
const lateAfterMs = 60_000
const condemnedWithinMs = 3_600_000
/** Effects outlive everything, so only those of the last day are counted, and all that are unknown. */
const effectsWindowMs = 86_400_000

const jobsStatement = {
  name: 'metrics-jobs',
  text: `
    select l.name as queue, ${jobStateSql} as state, count(*)::float8 as count,
           coalesce(extract(epoch from max(now() - l.run_at) filter (
             where l.run_at <= now() and (l.state = 'accepted' or (l.state = 'queued' and l.attempts = 0)))), 0)::float8 as "oldestSeconds",
           coalesce(extract(epoch from max(now() - l.run_at) filter (
             where l.run_at <= now() and l.state = 'accepted')), 0)::float8 as "lagSeconds"
    from hbnb_jobs.job_live l cross join (select null::hbnb_jobs.job_outcome as outcome) o
    group by 1, 2`,
}

const effectsStatement = {
  name: 'metrics-effects',
  text: `
    select provider, state::text, count(*)::float8 as count from hbnb_jobs.effects
    where id >= $1 or state = 'unknown' group by 1, 2`,
}

const processesStatement = {
  name: 'metrics-processes',
  text: `
    select kind, case when draining_at is null then 'running' else 'draining' end as state, count(*)::float8 as count
    from hbnb_jobs.processes where ended_at is null and beat_at > now() - $1 * interval '1 ms' group by 1, 2`,
}

const condemnedStatement = {
  name: 'metrics-condemned',
  text: `
    select kind, count(*)::float8 as count from hbnb_jobs.processes
    where condemned_at > now() - $1 * interval '1 ms' group by 1`,
}

const holdsStatement = {
  name: 'metrics-holds',
  text: `
    select budget, greatest(0, extract(epoch from held_until - now()))::float8 as count from hbnb_jobs.provider_holds`,
}

const pausesStatement = {
  name: 'metrics-pauses',
  text: `
    select name as queue, case when paused_by = 'runtime' then 'runtime' else 'operator' end as by, 1::float8 as count
    from hbnb_jobs.queue_settings where paused_at is not null`,
}

const schedulesStatement = {
  name: 'metrics-schedules',
  text: `
    select count(*) filter (where look_at < now() - $1 * interval '1 ms')::float8 as late,
           coalesce(greatest(0, extract(epoch from max(now() - look_at))), 0)::float8 as "latestSeconds"
    from hbnb_jobs.schedules where removed_at is null`,
}

interface JobsRow {
  readonly queue: string
  readonly state: string
  readonly count: number
  readonly oldestSeconds: number
  readonly lagSeconds: number
}
type Counted = Record<string, string | number> & { readonly count: number }

/**
 * What the ledger knows of the whole system; one process per database is enough to scrape for it. While Postgres is away
 * the figures are absent and `hbnb_jobs_ledger_up` is 0.
 */
export function ledgerMetrics(registry: Registry, run: RunStatement): void {
  const jobs = kept(() => run<JobsRow>(jobsStatement))
  const effects = kept(() =>
    run<Counted>(effectsStatement, [v7({ msecs: Date.now() - effectsWindowMs, random: new Uint8Array(16) })]),
  )
  const processes = kept(() => run<Counted>(processesStatement, [crashedAfterMs]))

  const condemned = kept(() => run<Counted>(condemnedStatement, [condemnedWithinMs]))
  const holds = kept(() => run<Counted>(holdsStatement))
  const pauses = kept(() => run<Counted>(pausesStatement))
  const schedules = kept(() => run<{ late: number; latestSeconds: number }>(schedulesStatement, [lateAfterMs]))

  gauge(registry, 'hbnb_jobs_depth', 'Open jobs by queue and state.', ['queue', 'state'], async () =>
    (await jobs()).map(({ queue, state, count }) => [{ queue, state }, count]),
  )
  const longest = async (pick: (row: JobsRow) => number): Promise<[{ queue: string }, number][]> =>
    [...Map.groupBy(await jobs(), ({ queue }) => queue)].map(([queue, rows]) => [
      { queue },
      Math.max(...rows.map(pick)),
    ])
  gauge(
    registry,
    'hbnb_jobs_oldest_due_seconds',
    'How long the oldest due job has waited to be started.',
    ['queue'],
    () => longest(({ oldestSeconds }) => oldestSeconds),
  )
  gauge(
    registry,
    'hbnb_jobs_relay_lag_seconds',
    'How long the oldest due job has waited to be put in its queue.',
    ['queue'],
    () => longest(({ lagSeconds }) => lagSeconds),
  )
  gauge(
    registry,
    'hbnb_jobs_effects',
    'Effects by provider and state: those of the last day, and all that are unknown.',
    ['provider', 'state'],
    async () => (await effects()).map(({ count, ...labels }) => [labels, count]),
  )
  gauge(registry, 'hbnb_jobs_processes', 'Processes with a recent heartbeat.', ['kind', 'state'], async () =>
    (await processes()).map(({ count, ...labels }) => [labels, count]),
  )
  gauge(
    registry,
    'hbnb_jobs_processes_condemned',
    'Processes that asked to be replaced within the last hour.',
    ['kind'],
    async () => (await condemned()).map(({ count, ...labels }) => [labels, count]),
  )
  gauge(
    registry,
    'hbnb_jobs_budget_held_seconds',
    'How much longer a provider has asked us to wait; 0 when it does not.',
    ['budget'],
    async () => (await holds()).map(({ count, ...labels }) => [labels, count]),
  )
  gauge(registry, 'hbnb_jobs_queue_paused', '1 for each paused queue, by who paused it.', ['queue', 'by'], async () =>
    (await pauses()).map(({ count, ...labels }) => [labels, count]),
  )
  gauge(registry, 'hbnb_jobs_schedules_late', 'Schedules that should have been looked at a minute ago.', [], async () =>
    (await schedules()).map(({ late }) => [{}, late]),
  )
  gauge(registry, 'hbnb_jobs_schedule_delay_seconds', 'How late the latest schedule is looked at.', [], async () =>
    (await schedules()).map(({ latestSeconds }) => [{}, latestSeconds]),
  )
  gauge(registry, 'hbnb_jobs_ledger_up', 'Whether Postgres answered.', [], async () => [
    [{}, await jobs().then(up, down)],
  ])
}

const up = () => 1
const down = () => 0

function gauge<Label extends string>(
  registry: Registry,
  name: string,
  help: string,
  labelNames: Label[],
  read: () => Promise<[Partial<Record<Label, string | number>>, number][]>,
): void {
  const metric: Gauge<Label> = new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect: async () => {
      // Old label values go, and while Postgres is away there are none.
      const values = await read().catch(() => [])
      metric.reset()
      for (const [labels, value] of values) metric.set(labels, value)
    },
  })
}

/** A reading shared by everyone who asks within a few seconds; failures are shared too, so that none waits twice. */
function kept<T>(read: () => Promise<T>): () => Promise<T> {
  let reading: Promise<T> | undefined
  let untilMs = 0
  return () => {
    if (reading === undefined || performance.now() > untilMs) {
      const startedMs = performance.now()
      untilMs = Number.POSITIVE_INFINITY
      reading = read().finally(() => {
        const nowMs = performance.now()
        untilMs = nowMs + Math.max(keptMs, (nowMs - startedMs) * keptPerReading)
      })
    }
    return reading
  }
}
