import type { Catalog } from '../../queues/catalog.ts'
import type { RunStatement } from '../db/statement.ts'
import type { QueueBackend } from '../queue/backend.ts'

/** A row just set to `queued`: what its copy in the queue is made of. */
interface Queued {
  readonly id: string
  readonly name: string
  readonly run: number
  readonly priority: number
  readonly traceparent: string | null
}

const dueStatement = {
  name: 'relay-due',
  text: `
    select n.name from unnest($1::text[]) as n(name)
    where exists (
      select from hbnb_jobs.job_live l
      where l.name = n.name and l.state in ('accepted', 'parked') and l.run_at <= now())`,
}

const queueStatement = {
  name: 'relay-queue',
  text: `
    with due as materialized (
      select picked.id from unnest($1::text[], $2::int[]) as r(name, room)
      cross join lateral (
        select l.id from hbnb_jobs.job_live l
        where l.name = r.name and l.state in ('accepted', 'parked') and l.run_at <= now()
        order by l.priority, l.run_at, l.id limit r.room for update skip locked
      ) as picked
    ), queued as (
      update hbnb_jobs.job_live l set state = 'queued', run = run + 1, owner = null, changed_at = now()
      from due where l.id = due.id
      returning l.id, l.name, l.run, l.priority, l.run_at
    )
    select q.id, q.name, q.run, q.priority, j.traceparent
    from queued q join hbnb_jobs.jobs j using (id) order by q.priority, q.run_at, q.id`,
}

const takeBackStatement = {
  name: 'relay-take-back',
  text: `
    with lost as materialized (
      select l.id from hbnb_jobs.job_live l join unnest($1::uuid[], $2::int[]) as w(id, run) on l.id = w.id and l.run = w.run
      where l.state = 'queued' order by l.id for update of l
    )
    update hbnb_jobs.job_live l set state = 'accepted', changed_at = now() from lost where l.id = lost.id returning l.id`,
}

/** Rows that may wait in one BullMQ queue; the rest stay in Postgres, where depth costs nothing. */
const windowJobs = 1_000
const jobsPerAdd = 500
/** Kept in BullMQ for Bull Board; the ledger keeps the record. */
const keepCompleted = { count: 1_000, age: 86_400 }
const keepFailed = { count: 5_000, age: 7 * 86_400 }
/** The runtime decides when attempts are spent; BullMQ must never. */
const bullAttempts = 1_000_000
/** A default priority or a lower one waits its turn; a higher one goes before everything in the window. */
const defaultPriority = 5

/**
 * One pass of the relay: one commit sets due rows `accepted → queued, run + 1`, then their copies are added to BullMQ
 * under the never-repeated id `<row id>.<run>`. If the queue refuses them the rows are taken back at once; if we die in
 * between, the sweeper does it. Answers how many rows moved.
 */
export async function relayOnce(run: RunStatement, backend: QueueBackend, catalog: Catalog): Promise<number> {
  const due = await run<{ name: string }>(dueStatement, [[...catalog.keys()]])
  if (due.length === 0) return 0
  const rooms = await Promise.all(due.map(({ name }) => roomIn(backend, name)))
  const rows = await run<Queued>(queueStatement, [due.map(({ name }) => name), rooms])
  const added = await Promise.allSettled(
    [...Map.groupBy(rows, row => row.name)].map(([name, jobs]) => addCopies(run, backend, name, jobs)),
  )
  const failed = added.find(result => result.status === 'rejected')
  if (failed) throw failed.reason
  return rows.length
}

async function roomIn(backend: QueueBackend, name: string): Promise<number> {
  const counts = await backend.queue(name).getJobCounts('waiting', 'prioritized', 'delayed')
  const inside = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return Math.max(0, windowJobs - inside)
}

async function addCopies(run: RunStatement, backend: QueueBackend, name: string, jobs: Queued[]): Promise<void> {
  for (let start = 0; start < jobs.length; start += jobsPerAdd) {
    const chunk = jobs.slice(start, start + jobsPerAdd)
    try {
      await backend.queue(name).addBulk(chunk.map(asCopy))
    } catch (error) {
      const rest = jobs.slice(start)
      await run(takeBackStatement, [rest.map(({ id }) => id), rest.map(row => row.run)])
      throw error
    }
  }
}

function asCopy({ id, name, run, priority, traceparent }: Queued) {
  return {
    name,
    data: { id, run, traceparent },
    opts: {
      jobId: `${id}.${run}`,
      attempts: bullAttempts,
      backoff: { type: 'ledger' },
      lifo: priority < defaultPriority,
      removeOnComplete: keepCompleted,
      removeOnFail: keepFailed,
    },
  }
}
