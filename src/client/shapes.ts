import type { Answers } from './answers.ts'
import type { JobTypes } from './job-types.ts'

/** The name of a job type that callers may make jobs of. */
export type JobName = keyof JobTypes

/** What a job of this type carries. */
export type PayloadOf<N extends JobName> = JobTypes[N]['payload']

/** What a completed job of this type answers. */
export type ResultOf<N extends JobName> = JobTypes[N]['result']

/** An accepted job. */
export type AcceptedJob<N extends JobName = JobName> = Omit<Answers['POST /v1/jobs/{name}'][202], 'name'> & {
  readonly name: N
  /** True when the key had already made this job: nothing new was made. */
  readonly replayed: boolean
}

/** Everything there is to know of one job. */
export type Job = Answers['GET /v1/jobs/{id}'][200]

export type JobState = Job['state']

/** How a job may have ended. */
export type EndedState = 'completed' | 'skipped' | 'failed' | 'cancelled' | 'quarantined'

/** A job that has ended; only a completed one has a result. */
export type EndedJob<N extends JobName = JobName> = Omit<Job, 'state' | 'result'> &
  (
    | { readonly state: 'completed'; readonly result: ResultOf<N> }
    | { readonly state: Exclude<EndedState, 'completed'>; readonly result: null }
  )

/** A job by its id, or as a call answered it. */
export type JobRef<N extends JobName = JobName> = string | { readonly id: string; readonly name?: N }

const endedStates: ReadonlySet<string> = new Set<EndedState>([
  'completed',
  'skipped',
  'failed',
  'cancelled',
  'quarantined',
])

/** Whether a job in this state will never change again by itself. */
export function isEnded(state: string): state is EndedState {
  return endedStates.has(state)
}

/** The id, safe to stand in an address. */
export function idOf(job: JobRef): string {
  return encodeURIComponent(typeof job === 'string' ? job : job.id)
}
