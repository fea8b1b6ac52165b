import type { Processor, Queue, Worker, WorkerOptions } from 'bullmq'
import type { Redis } from 'ioredis'
import { postgresBackend } from './postgres-backend.ts'
import { redisBackend } from './redis-backend.ts'

/** What a BullMQ job of ours carries: the ledger has the rest. */
export interface CopyData {
  readonly id: string
  readonly run: number
  readonly traceparent: string | null
  /** Let through while its queue is paused for refused credentials: if it gets on, so does the queue. */
  readonly probe?: true
  /** The whole job, where the ledger has no row of it (durability `queue`). */
  readonly direct?: DirectJob
}

/** A job that lives in the queue alone. */
export interface DirectJob {
  readonly version: number
  readonly payload: Readonly<Record<string, unknown>>
  readonly tenant: string
  readonly entity: string | null
  readonly acceptedAtMs: number
  readonly expiresAtMs: number | null
}

/** Typed by BullMQ's default store, which is the only one Bull Board's types know; both stores behave alike. */
export type CopyQueue = Queue<CopyData, string>
export type CopyWorker = Worker<CopyData, string>
export type CopyProcessor = Processor<CopyData, string>
export type CopyWorkerOptions = Omit<WorkerOptions, 'connection' | 'prefix'>

/** A rising number in each queue's own store. */
export interface QueueMarks {
  /** What the store has now: its server's run id, and each queue's number where it has one. */
  read(names: readonly string[]): Promise<{ readonly runId: string; readonly numbers: ReadonlyMap<string, number> }>
  write(names: readonly string[], number: number): Promise<void>
}

/** BullMQ on either store, through connections that all queues of a process share. */
export interface QueueBackend {
  readonly kind: 'postgres' | 'redis'
  /** A queue by name, opened once per process. Calls fail fast while the store is away. */
  queue(name: string): CopyQueue
  worker(name: string, processor: CopyProcessor, options: CopyWorkerOptions): CopyWorker
  /** Where the ledger marks each queue, to see when one has lost jobs; undefined when it cannot lose them alone. */
  readonly marks: QueueMarks | undefined
  /** The Redis of the queues, for figures that processes share and may lose; its calls fail fast while it is away. */
  readonly redis: Redis | undefined
  /** Throws saying what to change when the store is unreachable, too old, or may evict jobs. */
  check(): Promise<void>
  close(): Promise<void>
}

/** The one place that knows which store holds the queues: `postgres://…` or `redis://…`. */
export function openQueueBackend({ url, prefix }: { url: string; prefix: string }): QueueBackend {
  return /^rediss?:/.test(url) ? redisBackend(url, prefix) : postgresBackend(url)
}
