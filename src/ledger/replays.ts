import type { RunStatement } from '../db/statement.ts'
import type { DeadFilter } from './dead.ts'
import { newJobId } from './job-id.ts'

/** A replay of dead jobs: what was asked for, and how far it is. */
export interface Replay extends DeadFilter {
  readonly id: string
  readonly until: Date
  readonly ratePerSecond: number
  readonly askedBy: string
  readonly state: 'running' | 'stopped' | 'done'
  /** Every dead job up to this id has been decided. */
  readonly position: string
  /** Matching jobs when it was asked for. */
  readonly total: number
  readonly retried: number
  /** Matching jobs that were left as they are, by reason. */
  readonly skipped: Readonly<Record<string, number>>
  readonly keptEffects: number
  readonly createdAt: Date
  readonly changedAt: Date
}

const columns = `
  id, job_name as name, error, since, until, rate_per_second as "ratePerSecond", asked_by as "askedBy", state, position, total,
  retried, skipped, kept_effects as "keptEffects", created_at as "createdAt", changed_at as "changedAt"`

const insertStatement = {
  name: 'replay-insert',
  text: `
    insert into hbnb_jobs.replays (id, job_name, error, since, until, rate_per_second, asked_by, total)
    values ($1, $2, $3, $4, coalesce($5::timestamptz, now()), $6, $7, $8) returning ${columns}`,
}

/** Writes down a replay; nothing is retried yet. What dies from now on is not part of it. */
export async function createReplay(
  run: RunStatement,
  { filter, ratePerSecond, who, total }: { filter: DeadFilter; ratePerSecond: number; who: string; total: number },
): Promise<Replay> {
  const { name, error, since, until } = filter
  const values = [newJobId(), name, error, since, until, ratePerSecond, who, total]
  const [replay] = await run<Replay>(insertStatement, values)
  if (!replay) throw new Error('writing down a replay answered no row')
  return replay
}

const maxListed = 50

const listStatement = {
  name: 'replay-list',
  text: `select ${columns} from hbnb_jobs.replays order by id desc limit ${maxListed}`,
}

/** The newest replays. */
export async function listReplays(run: RunStatement): Promise<Replay[]> {
  return await run<Replay>(listStatement)
}

const holdStatement = {
  name: 'replay-hold',
  text: `
    select ${columns}, greatest(0, extract(epoch from next_at - clock_timestamp()) * 1000)::float8 as "waitMs"
    from hbnb_jobs.replays where id = $1 for update`,
}

/** Holds a replay until the transaction ends; `waitMs` is how long its rate forbids the next retry. */
export async function holdReplay(
  run: RunStatement,
  id: string,
): Promise<(Replay & { readonly waitMs: number }) | undefined> {
  const [row] = await run<Replay & { waitMs: number }>(holdStatement, [id])
  return row
}

const stateStatement = {
  name: 'replay-state',
  text: `
    update hbnb_jobs.replays set state = $2, changed_at = now()
    where id = $1 and state = any($3::text[]) returning ${columns}`,
}

/** Goes on with a replay that was stopped or whose process died. Undefined when there is none, or it is done. */
export async function resumeReplay(run: RunStatement, id: string): Promise<Replay | undefined> {
  const [replay] = await run<Replay>(stateStatement, [id, 'running', ['running', 'stopped']])
  return replay
}

/** Stops a replay after the jobs it is at. Undefined when it is not running. */
export async function stopReplay(run: RunStatement, id: string): Promise<Replay | undefined> {
  const [replay] = await run<Replay>(stateStatement, [id, 'stopped', ['running']])
  return replay
}

const advanceStatement = {
  name: 'replay-advance',
  text: `
    update hbnb_jobs.replays
    set position = $2, state = case when $3::boolean then 'done' else state end, retried = retried + $4::int,
        skipped = $5::jsonb, kept_effects = kept_effects + $6::int, changed_at = now(),
        next_at = clock_timestamp() + $4::int * interval '1 second' / rate_per_second
    where id = $1 returning ${columns}`,
}

/** Moves a held replay on; the retries it counts are of the same transaction. */
export async function advanceReplay(
  run: RunStatement,
  replay: Replay,
  step: {
    readonly position: string
    readonly isDone: boolean
    readonly retried: number
    readonly skipped: Readonly<Record<string, number>>
    readonly keptEffects: number
  },
): Promise<Replay> {
  const { position, isDone, retried, skipped, keptEffects } = step
  const values = [replay.id, position, isDone, retried, JSON.stringify(skipped), keptEffects]
  const [moved] = await run<Replay>(advanceStatement, values)
  if (!moved) throw new Error(`replay ${replay.id} is gone`)
  return moved
}
