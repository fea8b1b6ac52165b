import { isDatabaseAway } from '../db/database-away.ts'
import { isDataFault } from '../db/data-fault.ts'
import type { RunStatement } from '../db/statement.ts'
import { acceptJobs, insertJobs, jobColumns, jobValues, wakeChannel } from './accept.ts'
import { batcher } from './batcher.ts'
import type { NewJob } from './new-job.ts'

/** How long a key stands for its request. */
export const keptHours = 24

/** What makes a request one that its caller may repeat. */
export interface KeyedRequest {
  /** The API key's id: keys of two callers never meet. */
  readonly caller: string
  readonly key: string
  /** Over everything that makes it the same request. */
  readonly requestSha256: string
}

/** One that makes a job. */
export interface RepeatKey extends KeyedRequest {
  /** What it is answered, now and on every repeat. */
  readonly answer: Readonly<Record<string, unknown>>
}

/** A job that its caller may send again under the same key; null: without one. */
export interface AskedJob {
  readonly job: NewJob
  readonly once: RepeatKey | null
}

/** `in-flight`: the key is changing hands at this moment, or could not be looked at. `reused`: it stands for another request. */
export type Repeated =
  | { readonly status: 'in-flight' | 'reused' }
  | { readonly status: 'replayed'; readonly answer: Readonly<Record<string, unknown>> }

/** `batch-closed`: the job's batch is not open, or not there. */
export type Accepted = Repeated | { readonly status: 'accepted' | 'batch-closed' }

/** The parameters behind those of the jobs. */
const parameter = (place: number, type: string) => `$${jobColumns.count + place}::${type}`

/**
 * Keys and jobs commit together, so a key that is kept has its job, and whatever is refused keeps none. A key another
 * statement is writing is waited for (they all take keys in one order); one that has expired is taken over. Batches are
 * held open until the commit.
 */
const acceptOnceStatement = {
  name: 'accept-once',
  text: `
    with given as materialized (
      select * from unnest(${jobColumns.arrays}, ${parameter(1, 'text[]')}, ${parameter(2, 'text[]')}, ${parameter(3, 'text[]')},
                           ${parameter(4, 'jsonb[]')})
        as g(${jobColumns.names}, caller, key, request_sha256, answer)
    ), open as materialized (
      select b.id, b.tenant from hbnb_jobs.batches b
      where b.id = any(${parameter(5, 'uuid[]')}) and b.closed_at is null order by b.id for share
    ), welcome as materialized (
      select g.id from given g
      where g.batch_id is null or exists (select from open o where o.id = g.batch_id and o.tenant = g.tenant)
    ), taken as (
      insert into hbnb_jobs.idempotency_keys as k (caller, key, request_sha256, job_ids, answer, expires_at)
      select g.caller, g.key, g.request_sha256, array[g.id], g.answer, now() + ${keptHours} * interval '1 hour'
      from given g join welcome using (id) where g.key is not null order by g.caller, g.key
      on conflict (caller, key) do update
      set request_sha256 = excluded.request_sha256, job_ids = excluded.job_ids, answer = excluded.answer,
          created_at = now(), expires_at = excluded.expires_at
      where k.expires_at <= now()
      returning k.job_ids[1] as id
    ), ${insertJobs('id in (select id from welcome) and (key is null or id in (select id from taken))')}
    select g.id, n.id is not null as "isNew", w.id is not null as "isWelcome"
    from given g left join new n using (id) left join welcome w using (id),
      (select pg_notify('${wakeChannel}', '')) as wake`,
}

/** After the fact, so that it also sees what was committed while the other statement ran. */
const knownKeysStatement = {
  name: 'accept-known-keys',
  text: `
    select k.caller, k.key, k.request_sha256 as "requestSha256", k.answer from hbnb_jobs.idempotency_keys k
    join unnest($1::text[], $2::text[]) as w(caller, key) using (caller, key) where k.expires_at > now()`,
}

interface Written {
  readonly id: string
  readonly isNew: boolean
  /** Its batch is open, or it has none. */
  readonly isWelcome: boolean
}
type Known = RepeatKey

/** Accepts each job or says why not, in their order. Resolves after the commit. */
export async function acceptEach(run: RunStatement, asked: readonly AskedJob[]): Promise<Accepted[]> {
  if (asked.every(({ job, once }) => once === null && job.batchId === null)) {
    await acceptJobs(
      run,
      asked.map(({ job }) => job),
    )
    return asked.map(() => ({ status: 'accepted' }))
  }
  const firsts = firstOfEachKey(asked)
  const written = await write(run, [...firsts.values()])
  const known = await knownKeys(
    run,
    [...firsts.values()].flatMap(({ job, once }) => (once && written.get(job.id)?.isNew === false ? once : [])),
  ).catch(keysUnknown)
  return asked.map(one => {
    const first = firsts.get(nameOf(one)) ?? one
    const row = written.get(first.job.id)
    if (row?.isNew === true) return first === one ? { status: 'accepted' } : sameOrReused(one.once, first.once)
    if (known === undefined && one.once !== null) return { status: 'in-flight' }
    const before = known?.get(nameOf(one))
    return before === undefined && row?.isWelcome === false
      ? { status: 'batch-closed' }
      : sameOrReused(one.once, before)
  })
}

/** What is new is committed by now, whatever becomes of the look: only those who need it hear that they must ask again. */
function keysUnknown(error: unknown): undefined {
  if (!isDatabaseAway(error)) throw error
}

/** One statement takes each key once: of those that share one the first is written, the others hear what became of it. */
function firstOfEachKey(asked: readonly AskedJob[]): Map<string, AskedJob> {
  const firsts = new Map<string, AskedJob>()
  for (const one of asked) if (!firsts.has(nameOf(one))) firsts.set(nameOf(one), one)
  return firsts
}

function nameOf({ job, once }: AskedJob): string {
  return once === null ? job.id : nameOfKey(once)
}

function nameOfKey({ caller, key }: KeyedRequest): string {
  return `${caller} ${key}`
}

/** What became of a request whose key somebody has taken before. */
export async function repeated(run: RunStatement, once: KeyedRequest): Promise<Repeated> {
  const known = await knownKeys(run, [once]).catch(keysUnknown)
  return sameOrReused(once, known?.get(nameOfKey(once)))
}

function sameOrReused(once: KeyedRequest | null, known: Known | null | undefined): Repeated {
  // Held when we wrote and expired when we looked: a repeat will tell.
  if (!once || !known) return { status: 'in-flight' }
  return known.requestSha256 === once.requestSha256
    ? { status: 'replayed', answer: known.answer }
    : { status: 'reused' }
}

async function write(run: RunStatement, asked: readonly AskedJob[]): Promise<Map<string, Written>> {
  const jobs = asked.map(({ job }) => job)
  const rows = await run<Written>(acceptOnceStatement, [
    ...jobValues(jobs),
    asked.map(({ once }) => once?.caller ?? null),
    asked.map(({ once }) => once?.key ?? null),
    asked.map(({ once }) => once?.requestSha256 ?? null),
    asked.map(({ once }) => (once === null ? null : JSON.stringify(once.answer))),
    [...new Set(jobs.flatMap(({ batchId }) => batchId ?? []))],
  ])
  return new Map(rows.map(row => [row.id, row]))
}

async function knownKeys(run: RunStatement, keys: readonly KeyedRequest[]): Promise<Map<string, Known>> {
  if (keys.length === 0) return new Map()
  const rows = await run<Known>(knownKeysStatement, [keys.map(({ caller }) => caller), keys.map(({ key }) => key)])
  return new Map(rows.map(row => [nameOfKey(row), row]))
}

const maxRowsPerBatch = 500
const maxBatchesInFlight = 2
/** Requests on their own share a statement; only what comes in bulk fills two. */
const maxPartialInFlight = 1

/** Accepts single jobs in micro-batches. Resolves after the commit; a row Postgres refuses fails alone. */
export function accepter(run: RunStatement): (job: NewJob, once?: RepeatKey) => Promise<Accepted> {
  const accept = batcher(
    { maxItems: maxRowsPerBatch, maxInFlight: maxBatchesInFlight, maxPartialInFlight },
    (asked: AskedJob[]) => acceptEach(run, asked),
    isDataFault,
  )
  return (job, once) => accept({ job, once: once ?? null })
}
