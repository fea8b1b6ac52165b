import type { RunStatement } from '../../db/statement.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import type { QueuedRow } from './pick.ts'

const takeBackStatement = {
  name: 'relay-take-back',
  text: `
    with lost as materialized (
      select l.id from (select * from unnest($1::uuid[], $2::int[]) as u(id, run) order by id) as w
      cross join lateral (
        select j.id from hbnb_jobs.job_live j
        where j.id between w.id and w.id and j.run = w.run and j.state = 'queued' order by j.id limit 1 for update
      ) as l
    )
    update hbnb_jobs.job_live l set state = 'accepted', changed_at = now()
    where l.id = any(array(select id from lost)) returning l.id`,
}

const jobsPerAdd = 500
/** Kept in BullMQ for Bull Board; the ledger keeps the record. */
const keepCompleted = { count: 1_000, age: 86_400 }
const keepFailed = { count: 5_000, age: 7 * 86_400 }
/** The runtime decides when attempts are spent; BullMQ must never. */
const bullAttempts = 1_000_000
/** Each attempt adds its error's stack to the copy; with attempts unlimited so would they be. */
const keptStackTraces = 3

/**
 * Adds the copies of queued rows under the never-repeated id `<row id>.<run>`. Rows whose copy the queue refused are taken
 * back at once; if we die before that, the sweeper does it.
 */
export async function addCopies(
  run: RunStatement,
  backend: QueueBackend,
  rows: readonly QueuedRow[],
  mark: { readonly probe?: true } = {},
): Promise<void> {
  const added = await Promise.allSettled(
    [...Map.groupBy(rows, row => row.name)].map(([name, jobs]) =>
      addToQueue(run, backend, name, inOrderOfAdding(jobs), mark),
    ),
  )
  const failed = added.find(result => result.status === 'rejected')
  if (failed) throw failed.reason
}

/** Each copy that goes ahead is put at the head of the queue, so the last of them is added first. */
function inOrderOfAdding(jobs: readonly QueuedRow[]): QueuedRow[] {
  const ahead = jobs.filter(goesAhead)
  return [...ahead.toReversed(), ...jobs.filter(job => !goesAhead(job))]
}

function goesAhead({ turn }: QueuedRow): boolean {
  return turn !== 'usual'
}

async function addToQueue(
  run: RunStatement,
  backend: QueueBackend,
  name: string,
  jobs: QueuedRow[],
  mark: { readonly probe?: true },
): Promise<void> {
  for (let start = 0; start < jobs.length; start += jobsPerAdd) {
    try {
      await backend.queue(name).addBulk(jobs.slice(start, start + jobsPerAdd).map(row => asCopy(row, mark)))
    } catch (error) {
      const rest = jobs.slice(start)
      await run(takeBackStatement, [rest.map(({ id }) => id), rest.map(row => row.run)])
      throw error
    }
  }
}

function asCopy(row: QueuedRow, mark: { readonly probe?: true }) {
  const { id, name, run, traceparent } = row
  return {
    name,
    data: { id, run, traceparent, ...mark },
    opts: {
      jobId: `${id}.${run}`,
      attempts: bullAttempts,
      backoff: { type: 'ledger' },
      lifo: goesAhead(row),
      stackTraceLimit: keptStackTraces,
      removeOnComplete: keepCompleted,
      removeOnFail: keepFailed,
    },
  }
}
