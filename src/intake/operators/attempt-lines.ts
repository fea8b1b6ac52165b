import type { RunStatement } from '../../db/statement.ts'

const maxEnds = 200

const linesStatement = {
  name: 'board-attempts',
  text: `
    select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' attempt ' || attempt || ' ' || what ||
           coalesce(': ' || said, '') as line
    from (
      (select ended_at as at, 1 as rank, 0 as line, attempt, ending as what, error->>'message' as said
       from hbnb_jobs.job_attempts where job_id = $1 order by ended_at desc limit ${maxEnds})
      union all
      select finished_at, 1, 0, attempts, outcome::text, coalesce(error->>'message', reason)
      from hbnb_jobs.job_outcomes where id = $1
      union all
      select at, 0, line, attempt, level, message from hbnb_jobs.job_logs where job_id = $1
    ) told order by at, rank, line`,
}

/** What each run of a job said and how it ended, one line each, oldest first: what Bull Board shows as its log. */
export async function attemptLines(run: RunStatement, jobId: string): Promise<string[]> {
  return (await run<{ line: string }>(linesStatement, [jobId])).map(({ line }) => line)
}
