import type { RunStatement } from '../db/statement.ts'

/** Half of what makes autovacuum look, which it does once a minute: at 2,000 jobs/s that is 120,000 dead rows. */
const maxDeadRows = 10_000

const deadStatement = {
  name: 'vacuum-look',
  text: `
    select n_dead_tup::int as dead from pg_stat_user_tables where schemaname = 'hbnb_jobs' and relname = 'job_live'`,
}

/** Never waits: one vacuum is enough. Never gives pages back to the disk, for which it would have to lock the table. */
const vacuumStatement = { name: 'vacuum-live', text: 'vacuum (skip_locked, truncate off) hbnb_jobs.job_live' }

/**
 * Clears `job_live` of the rows of ended jobs, which lie at the front of the relay's index and slow it down. To be called
 * every few seconds; costs one look at a counter when there is little to do. Answers whether it vacuumed.
 */
export async function vacuumLive(run: RunStatement): Promise<boolean> {
  const [row] = await run<{ dead: number }>(deadStatement)
  if (!row || row.dead < maxDeadRows) return false
  await run(vacuumStatement)
  return true
}
