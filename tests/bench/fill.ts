import type { JobContract } from '../../queues/define-job.ts'
import { defaultTenant } from '../../src/ledger/new-job.ts'
import type { BenchOptions } from './bench.ts'
import type { Side } from './stores.ts'

const rowsPerFill = 50_000

/** Makes rows as accept writes them until `depth` wait, in the database itself: filling is not what is measured. */
export async function fillTo(
  { database }: Side,
  { name, version, priority }: JobContract,
  payload: object,
  depth: number,
  say: BenchOptions['say'],
): Promise<void> {
  const [row] = await database.knex('hbnb_jobs.job_live').count<{ count: string }[]>('* as count')
  let missing = depth - Number(row?.count)
  if (missing <= 0) return
  say(`filling ${missing} rows`)
  while (missing > 0) {
    const rows = Math.min(missing, rowsPerFill)
    await database.knex.raw(
      `with new as (
         insert into hbnb_jobs.jobs (id, name, version, payload, tenant, priority, run_at)
         select uuidv7(), :name, :version, :payload::jsonb, :tenant, :priority, now() from generate_series(1, :rows)
         returning id, name, priority, run_at
       )
       insert into hbnb_jobs.job_live (id, name, priority, run_at, lane) select id, name, priority, run_at, :tenant from new`,
      { name, version, priority, payload: JSON.stringify(payload), tenant: defaultTenant, rows },
    )
    missing -= rows
  }
  // As the background would within a minute or two: what the fill has left to do must not run beside what is measured.
  await database.knex.raw('vacuum analyze hbnb_jobs.jobs, hbnb_jobs.job_live')
  await database.knex.raw('checkpoint')
}
