import type { Answers } from './answers.ts'
import { type Instant, instantText, queryOf } from './job-options.ts'
import { read } from './read.ts'
import { idOf, type Job, type JobRef, type JobState } from './shapes.ts'
import type { CallOptions, Transport } from './transport.ts'

type Page = Answers['GET /v1/jobs'][200]

/** A job as the search lists it. */
export type FoundJob = Page['jobs'][number]

/** What to look for; all that is given must hold. */
export interface JobFilter {
  readonly name?: string | undefined
  readonly state?: JobState | readonly JobState[] | undefined
  /** How the error's signature begins. */
  readonly error?: string | undefined
  readonly entity?: string | undefined
  readonly tag?: string | undefined
  readonly batch?: string | undefined
  /** Needs the scope `jobs:any-tenant`. */
  readonly tenant?: string | undefined
  readonly since?: Instant | undefined
  readonly until?: Instant | undefined
}

export interface PageOptions extends CallOptions {
  /** 1 to 200; 50 unless told. */
  readonly limit?: number | undefined
  /** The `next_cursor` of the page before. */
  readonly cursor?: string | undefined
}

export type Cancelled = Answers['POST /v1/jobs/{id}/cancel'][200] | Answers['POST /v1/jobs/{id}/cancel'][202]
export type Retried = Answers['POST /v1/jobs/{id}/retry'][202]

/** What can be done with jobs there are. */
export function jobsOf(transport: Transport) {
  const page = async (filter: JobFilter = {}, { limit, cursor, ...options }: PageOptions = {}): Promise<Page> => {
    const { since, until, state, ...others } = filter
    const path = `/v1/jobs${queryOf({
      ...others,
      state: typeof state === 'string' ? [state] : state,
      since: since === undefined ? undefined : instantText(since),
      until: until === undefined ? undefined : instantText(until),
      limit,
      cursor,
    })}`
    return await read(transport, { method: 'GET', path, repeat: 'safe' }, options)
  }
  return {
    /** One page, newest first. */
    page,
    /** Every job that matches, newest first; pages are fetched as they are needed. */
    async *find(filter: JobFilter = {}, options: PageOptions = {}): AsyncGenerator<FoundJob, void, undefined> {
      let cursor = options.cursor
      do {
        const { jobs, next_cursor } = await page(filter, { ...options, cursor })
        yield* jobs
        cursor = next_cursor ?? undefined
      } while (cursor !== undefined)
    },
    get: async (job: JobRef, options?: CallOptions): Promise<Job> =>
      await read(transport, { method: 'GET', path: `/v1/jobs/${idOf(job)}`, repeat: 'safe' }, options),
    /** One that waits is cancelled at once; of one that runs it is asked. One already cancelled is answered as such. */
    cancel: async (job: JobRef, options?: CallOptions): Promise<Cancelled> =>
      await read(transport, { method: 'POST', path: `/v1/jobs/${idOf(job)}/cancel`, repeat: 'safe' }, options),
    /** Runs a job again that failed, was cancelled or quarantined. After a lost answer it is not repeated by itself. */
    retry: async (job: JobRef, options?: CallOptions): Promise<Retried> =>
      await read(transport, { method: 'POST', path: `/v1/jobs/${idOf(job)}/retry`, repeat: 'once' }, options),
  }
}
