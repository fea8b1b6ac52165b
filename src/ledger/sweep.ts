import type { RunStatement } from '../db/statement.ts'
import type { QueueBackend } from '../queue/backend.ts'

/** A copy not seen in its queue this long after the row was set to `queued` is looked for, and taken back if gone. */
const lostAfterMs = 30_000
const looksPerPage = 1_000
/** One sweep begins no further page after this long; the next goes on where it stopped. */
const longestSweepMs = 250

/** A place in the index of due jobs. `runAt` is Postgres's own text: a JS Date would lose its microseconds. */
interface Position {
  readonly name: string
  readonly priority: number
  readonly lane: string
  readonly runAt: string
  readonly id: string
}

const firstId = '00000000-0000-0000-0000-000000000000'
const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff'
const beginningOf = (name: string): Position => ({ name, priority: 0, lane: '', runAt: '-infinity', id: firstId })
const beginning = beginningOf('')

interface LookedAt extends Position {
  readonly run: number
  readonly isQueued: boolean
  readonly isFuture: boolean
}

/** Answers the queued rows of a page, and its last row whatever it is. */
const pageStatement = {
  name: 'sweep-page',
  text: `
    with looked as materialized (
      select l.*, l.state = 'queued' and l.changed_at <= now() - $6 * interval '1 ms' as is_queued
      from hbnb_jobs.job_live l
      where (l.name, l.priority, l.lane, l.run_at, l.id) > ($1, $2::smallint, $3, $4::timestamptz, $5::uuid)
      order by l.name, l.priority, l.lane, l.run_at, l.id limit ${looksPerPage}
    ), placed as (
      select l.*, row_number() over (order by l.name, l.priority, l.lane, l.run_at, l.id) as place, count(*) over () as looks
      from looked l
    )
    select name, priority, lane, run_at::text as "runAt", id, run, is_queued as "isQueued", run_at > now() as "isFuture"
    from placed where is_queued or place = looks order by place`,
}

const takeBackLostStatement = {
  name: 'sweep-take-back-lost',
  text: `
    with lost as materialized (
      select l.id, l.token, l.attempts
      from (select * from unnest($1::uuid[], $2::int[]) as u(id, run) order by id) as w
      cross join lateral (
        select j.id, j.token, j.attempts from hbnb_jobs.job_live j
        where j.id between w.id and w.id and j.run = w.run and j.state = 'queued'
          and j.changed_at <= now() - $3 * interval '1 ms'
        order by j.id limit 1 for update
      ) as l
    ), noted as (
      insert into hbnb_jobs.job_attempts (job_id, attempt, token, ending, error, next_at)
      select id, attempts + 1, token, 'lost',
             '{"name": "LostCopy", "code": "copy-lost", "message": "the queue no longer held this job"}', now() from lost
    )
    update hbnb_jobs.job_live l set state = 'accepted', changed_at = now()
    where l.id = any(array(select id from lost)) returning l.id`,
}

const liveStates = new Set(['waiting', 'prioritized', 'delayed', 'active', 'waiting-children'])

/** Where the sweep of each store goes on; a process has one store. */
const positions = new WeakMap<QueueBackend, Position>()

/**
 * Takes back rows whose copy is no longer in its queue (a lost add, a lost retry). Looks at as many rows as it can in a
 * quarter of a second, all of them over several calls. Answers how many were taken back.
 */
export async function sweepLostCopies(run: RunStatement, backend: QueueBackend): Promise<number> {
  const deadline = performance.now() + longestSweepMs
  let position: Position | undefined = positions.get(backend) ?? beginning
  let taken = 0
  while (position !== undefined && performance.now() < deadline) {
    const page: LookedAt[] = await pageAfter(run, position, lostAfterMs)
    taken += await takeBackLost(run, backend, page, lostAfterMs)
    position = nextAfter(page)
    positions.set(backend, position ?? beginning)
  }
  return taken
}

/** Looks for every copy of one queue that has lost jobs. Answers how many rows went back to the ledger. */
export async function sweepQueueWholly(run: RunStatement, backend: QueueBackend, name: string): Promise<number> {
  let position: Position | undefined = beginningOf(name)
  let taken = 0
  while (position?.name === name) {
    const page: LookedAt[] = await pageAfter(run, position, 0)
    taken += await takeBackLost(
      run,
      backend,
      page.filter(row => row.name === name),
      0,
    )
    position = nextAfter(page)
  }
  return taken
}

async function pageAfter(run: RunStatement, after: Position, unchangedForMs: number): Promise<LookedAt[]> {
  const { name, priority, lane, runAt, id } = after
  return await run<LookedAt>(pageStatement, [name, priority, lane, runAt, id, unchangedForMs])
}

/** Undefined at the end. What is due later has no copy: the rest of its lane is passed over. */
function nextAfter(page: readonly LookedAt[]): Position | undefined {
  const last = page.at(-1)
  return last?.isFuture ? { ...last, runAt: 'infinity', id: lastId } : last
}

async function takeBackLost(
  run: RunStatement,
  backend: QueueBackend,
  looked: readonly LookedAt[],
  unchangedForMs: number,
): Promise<number> {
  const copies = looked.filter(({ isQueued }) => isQueued)
  const seen = await Promise.all(
    copies.map(async row => liveStates.has(await backend.queue(row.name).getJobState(`${row.id}.${row.run}`))),
  )
  const lost = copies.filter((_, index) => !seen[index])
  if (lost.length === 0) return 0
  const values = [lost.map(({ id }) => id), lost.map(row => row.run), unchangedForMs]
  return (await run(takeBackLostStatement, values)).length
}
