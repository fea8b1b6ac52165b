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

/** The same, among those of other jobs. */
export interface JobLogLine extends LogLine {
  readonly jobId: string
}

/** Of many jobs together, as a page can show them. */
const maxLinesTogether = 1_000

const findStatement = {
  name: 'job-log-find',
  text: `
    select job_id as "jobId", at, level, message from hbnb_jobs.job_logs where job_id = any($1::uuid[])
    order by job_logs.at, token, line limit ${maxLinesTogether}`,
}

/** What jobs have said, oldest first; empty when they said nothing or nobody knows them. */
export async function findJobLogs(run: RunStatement, jobIds: readonly string[]): Promise<JobLogLine[]> {
  const rows = await run<JobLogLine & { at: Date }>(findStatement, [jobIds])
  return rows.map(line => ({ ...line, at: line.at.toISOString() }))
}
