import type { RunStatement } from '../db/statement.ts'

/** How far a job says it is: `done` of `total`, in whatever it counts. */
export interface JobProgress {
  readonly done: number
  readonly total: number
  readonly message?: string
}

/** Under the token: a superseded run says nothing any more. */
const writeStatement = {
  name: 'job-progress-write',
  text: `
    update hbnb_jobs.job_live set progress = $3::jsonb, progress_at = now()
    where id = $1 and token = $2 and state = 'running'`,
}

/** Keeps how far a run is, for as long as its job is open. */
export async function writeJobProgress(
  run: RunStatement,
  { id, token }: { readonly id: string; readonly token: number },
  progress: JobProgress,
): Promise<void> {
  await run(writeStatement, [id, token, JSON.stringify(progress)])
}
