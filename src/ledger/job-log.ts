import type { RunStatement } from '../db/statement.ts'

/** Kept of one job, over all its attempts: the newest. */
export const maxLogLines = 100

export type LogLevel = 'info' | 'warn' | 'error'

/** One line as an attempt wrote it; redacted and cut already. */
export interface NewLogLine {
  readonly at: Date
  /** Its number within the run, so that lines of one millisecond keep their order. */
  readonly line: number
  readonly level: LogLevel
  readonly message: string
}

const writeStatement = {
  name: 'job-log-write',
  text: `
    with lines as (
      select * from unnest($4::timestamptz[], $5::int[], $6::text[], $7::text[]) as l(at, line, level, message)
    ), added as (
      insert into hbnb_jobs.job_logs (job_id, token, attempt, at, line, level, message)
      select $1, $2, $3, at, line, level, message from lines
    )
    delete from hbnb_jobs.job_logs g using (
      select token, line from hbnb_jobs.job_logs where job_id = $1
      order by at desc, token desc, line desc offset greatest(0, ${maxLogLines} - (select count(*) from lines))
    ) o where g.job_id = $1 and g.token = o.token and g.line = o.line`,
}

/** Adds lines of one run (`token`), at most {@link maxLogLines}, and drops the oldest beyond that number. */
export async function writeJobLog(
  run: RunStatement,
  { id, token, attempt }: { readonly id: string; readonly token: number; readonly attempt: number },
  lines: readonly NewLogLine[],
): Promise<void> {
  await run(writeStatement, [
    id,
    token,
    attempt,
    lines.map(({ at }) => at),
    lines.map(({ line }) => line),
    lines.map(({ level }) => level),
    lines.map(({ message }) => message),
  ])
}

/** A line of a job's log; `at` is ISO 8601. */
export interface LogLine {
  readonly at: string
  readonly level: LogLevel
  readonly message: string
}

const findStatement = {
  name: 'job-log-find',
  text: `
    select at, level, message from hbnb_jobs.job_logs where job_id = $1
    order by job_logs.at, token, line limit ${maxLogLines}`,
}

/** What a job has said, oldest first; empty when it said nothing or nobody knows it. */
export async function findJobLog(run: RunStatement, jobId: string): Promise<LogLine[]> {
  const rows = await run<LogLine & { at: Date }>(findStatement, [jobId])
  return rows.map(({ at, level, message }) => ({ at: at.toISOString(), level, message }))
}
