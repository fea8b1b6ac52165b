import type { Answers } from './answers.ts'
import { batchesOf } from './batches.ts'
import { type BulkItem, type BulkOptions, type BulkOutcome, enqueueMany } from './bulk.ts'
import { type DryRun, dryRun, enqueue, type EnqueueOptions } from './enqueue.ts'
import { type EventsOptions, followEvents, type JobEvent } from './events.ts'
import type { JobOptions } from './job-options.ts'
import { jobsOf } from './jobs.ts'
import { notificationsOf } from './notifications.ts'
import { read } from './read.ts'
import { schedulesOf } from './schedules.ts'
import type { AcceptedJob, EndedJob, JobName, JobRef, PayloadOf } from './shapes.ts'
import { type CallOptions, type ClientOptions, createTransport } from './transport.ts'
import { enqueueAndWait, type WaitOptions, waitFor } from './wait.ts'

export { enqueueIn } from './enqueue-in.ts'
export { JobsProblem, JobsUnreachable } from './problem.ts'
export { JobNotEnded } from './wait.ts'
export type { ProblemCode } from './answers.ts'
export type { Batch, NewBatch, OpenBatch } from './batches.ts'
export type { EnqueueInOptions, KnexTransaction, PgClient } from './enqueue-in.ts'
export type { FoundJob, JobFilter, PageOptions } from './jobs.ts'
export type { AcceptedNotification, NewNotification, Notification, SendOptions } from './notifications.ts'
export type { FieldFault, ProblemBody } from './problem.ts'
export type { Schedule, ScheduleDefinition } from './schedules.ts'
export type { Job, JobState, ResultOf } from './shapes.ts'
export type {
  AcceptedJob,
  BulkItem,
  BulkOptions,
  BulkOutcome,
  CallOptions,
  ClientOptions,
  DryRun,
  EndedJob,
  EnqueueOptions,
  EventsOptions,
  JobEvent,
  JobName,
  JobOptions,
  JobRef,
  PayloadOf,
  WaitOptions,
}

export type Client = ReturnType<typeof createClient>

/**
 * A client of the job service. Calls are retried until their deadline where a repeat cannot do anything twice: lost
 * answers, 429 and 503 with what they ask us to wait. Throws TypeError at once when `url` is not one.
 */
export function createClient(options: ClientOptions) {
  const transport = createTransport(options)
  const get = async <T>(path: string, own?: CallOptions): Promise<T> =>
    await read(transport, { method: 'GET', path, repeat: 'safe' }, own)
  return {
    /** Makes a job. When this returns, the job is committed and will not be lost. */
    enqueue: async <N extends JobName>(name: N, payload: PayloadOf<N>, own?: EnqueueOptions): Promise<AcceptedJob<N>> =>
      await enqueue(transport, name, payload, own),
    /** Checks everything a call of `enqueue` would, and stores nothing. */
    dryRun: async <N extends JobName>(
      name: N,
      payload: PayloadOf<N>,
      own?: JobOptions & CallOptions,
    ): Promise<DryRun> => await dryRun(transport, name, payload, own),
    /** Makes a job and waits until it has ended, well or badly. */
    enqueueAndWait: async <N extends JobName>(
      name: N,
      payload: PayloadOf<N>,
      own?: EnqueueOptions & WaitOptions,
    ): Promise<EndedJob<N>> => await enqueueAndWait(transport, name, payload, own),
    /** Waits until a job has ended, well or badly. Throws {@link JobNotEnded} when that takes too long. */
    wait: async <N extends JobName = JobName>(job: JobRef<N>, own?: WaitOptions): Promise<EndedJob<N>> =>
      await waitFor(transport, job, own),
    /** Follows a job to its end, across cut connections. */
    events: (job: JobRef, own?: EventsOptions): AsyncGenerator<JobEvent, void, undefined> =>
      followEvents(transport, job, own),
    /** Makes many jobs from a stream, with an outcome for each. */
    bulk: (
      items: Iterable<BulkItem> | AsyncIterable<BulkItem>,
      own?: BulkOptions,
    ): AsyncGenerator<BulkOutcome, void, undefined> => enqueueMany(transport, items, own),
    jobs: jobsOf(transport),
    batches: batchesOf(transport),
    schedules: schedulesOf(transport),
    notifications: notificationsOf(transport),
    stories: {
      /** Everything that happened to an entity, such as `booking:42`, in time order. */
      get: async (entity: string, own?: CallOptions): Promise<Answers['GET /v1/stories/{entity}'][200]> =>
        await get(`/v1/stories/${encodeURIComponent(entity)}`, own),
    },
    /** The job types open to callers, with the JSON Schema of each payload. */
    jobTypes: async (own?: CallOptions): Promise<Answers['GET /v1/job-types'][200]['job_types']> =>
      (await get<Answers['GET /v1/job-types'][200]>('/v1/job-types', own)).job_types,
    /** Who the API key is, and what it may do. */
    self: async (own?: CallOptions): Promise<Answers['GET /v1/keys/self'][200]> => await get('/v1/keys/self', own),
  }
}
