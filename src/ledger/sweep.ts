import type { RunStatement } from '../db/statement.ts'
import type { QueueBackend } from '../queue/backend.ts'

/** A copy not seen in its queue this long after the row was set to `queued` is looked for, and taken back if gone. */
const lostAfterMs = 30_000
const lostChecksPerSweep = 500

const oldCopiesStatement = {
  name: 'sweep-old-copies',
  text: `
    select id, name, run from hbnb_jobs.job_live
    where state = 'queued' and changed_at < now() - $1 * interval '1 ms' limit ${lostChecksPerSweep}`,
}

const takeBackLostStatement = {
  name: 'sweep-take-back-lost',
  text: `
    with lost as materialized (
      select l.id, l.token, l.attempts from hbnb_jobs.job_live l
      join unnest($1::uuid[], $2::int[]) as w(id, run) on l.id = w.id and l.run = w.run
      where l.state = 'queued' and l.changed_at <= now() - $3 * interval '1 ms' order by l.id for update of l
    ), noted as (
      insert into hbnb_jobs.job_attempts (job_id, attempt, token, ending, error, next_at)
      select id, attempts + 1, token, 'lost',
             '{"name": "LostCopy", "code": "copy-lost", "message": "the queue no longer held this job"}', now() from lost
    )
    update hbnb_jobs.job_live l set state = 'accepted', changed_at = now() from lost where l.id = lost.id returning l.id`,
}

const liveStates = new Set(['waiting', 'prioritized', 'delayed', 'active', 'waiting-children'])

interface QueuedCopy {
  readonly id: string
  readonly name: string
  readonly run: number
}

/** Takes back rows whose copy is no longer in its queue (a lost add, a lost retry). Answers how many. */
export async function sweepLostCopies(run: RunStatement, backend: QueueBackend): Promise<number> {
  const old = await run<QueuedCopy>(oldCopiesStatement, [lostAfterMs])
  return await takeBackLost(run, backend, old, lostAfterMs)
}

const queuedOfStatement = {
  name: 'sweep-queued-of',
  text: `
    select id, name, run from hbnb_jobs.job_live
    where name = $1 and state = 'queued' and id > $2 order by id limit ${lostChecksPerSweep}`,
}
const beforeAllIds = '00000000-0000-0000-0000-000000000000'

/** Looks for every copy of one queue that has lost jobs. Answers how many rows went back to the ledger. */
export async function sweepQueueWholly(run: RunStatement, backend: QueueBackend, name: string): Promise<number> {
  let taken = 0
  let after = beforeAllIds
  for (;;) {
    const rows = await run<QueuedCopy>(queuedOfStatement, [name, after])
    const last = rows.at(-1)
    if (last === undefined) return taken
    taken += await takeBackLost(run, backend, rows, 0)
    after = last.id
  }
}

async function takeBackLost(
  run: RunStatement,
  backend: QueueBackend,
  copies: readonly QueuedCopy[],
  unchangedForMs: number,
): Promise<number> {
  const seen = await Promise.all(
    copies.map(async row => liveStates.has(await backend.queue(row.name).getJobState(`${row.id}.${row.run}`))),
  )
  const lost = copies.filter((_, index) => !seen[index])
  if (lost.length === 0) return 0
  const values = [lost.map(({ id }) => id), lost.map(row => row.run), unchangedForMs]
  return (await run(takeBackLostStatement, values)).length
}
