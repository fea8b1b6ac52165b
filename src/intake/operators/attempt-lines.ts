import type { RunStatement } from '../../db/statement.ts'

const maxLines = 200

const linesStatement = {
  name: 'board-attempts',
  text: `
    select to_char(ended_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || ' attempt ' || attempt || ' ' || ending ||
           coalesce(': ' || (error->>'message'), '') as line
    from (
      select ended_at, attempt, ending, error from hbnb_jobs.job_attempts where job_id = $1
      union all
      select finished_at, attempts, outcome::text, coalesce(error, jsonb_build_object('message', reason))
      from hbnb_jobs.job_outcomes where id = $1
      order by ended_at desc limit ${maxLines}
    ) ends order by ended_at`,
}

/** How each run of a job ended, one line each, oldest first: what Bull Board shows as its log. */
export async function attemptLines(run: RunStatement, jobId: string): Promise<string[]> {
  return (await run<{ line: string }>(linesStatement, [jobId])).map(({ line }) => line)
}
