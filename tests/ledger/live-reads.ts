import type { RunStatement } from '../../src/db/statement.ts'

/** Rows of `job_live` read so far, as this connection's own statistics have it. */
export async function readsOf(run: RunStatement): Promise<{ sequential: number; byIndex: number }> {
  await run({ name: 'flush', text: 'select pg_stat_force_next_flush()' })
  const [reads] = await run<{ sequential: number; byIndex: number }>({
    name: '',
    text: `
      select pg_stat_get_tuples_returned('hbnb_jobs.job_live'::regclass)::float8 as sequential,
             (select sum(pg_stat_get_tuples_returned(indexrelid)) from pg_index
              where indrelid = 'hbnb_jobs.job_live'::regclass)::float8 as "byIndex"`,
  })
  if (!reads) throw new Error('no statistics')
  return reads
}
