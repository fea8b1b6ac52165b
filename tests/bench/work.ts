import { setTimeout as delay } from 'node:timers/promises'
import type { Queue } from 'bullmq'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { accepter } from '../../src/ledger/accept-once.ts'
import { type NewJob, newJob } from '../../src/ledger/new-job.ts'
import contract from './job-types/contracts/bench/noop.ts'
import { nowMs } from './samples.ts'
import type { Side } from './stores.ts'

const fillerChars = 960
const jobsPerBatch = 500
const batchesInFlight = 2
/** Each look of ours at the ledger walks past what has just been deleted there: seldom, so that it costs the engine little. */
const lookEveryMs = 50
const withinMs = 300_000
/** Completed copies kept in the queue, as our relay keeps them. */
const keepCompleted = { count: 1_000, age: 86_400 }

const filler = 'x'.repeat(fillerChars)

/** About one kilobyte as JSON. */
export function payload(): { sent_ms: number; tag: string; filler: string } {
  return { sent_ms: nowMs(), tag: 'bench', filler }
}

const job = (): NewJob => newJob(contract, payload())
const bareJob = () => ({ name: contract.name, data: payload(), opts: { removeOnComplete: keepCompleted } })

/** Accepts `count` jobs in batches, as the bulk route does. Resolves when all are committed. */
export async function acceptMany({ database }: Side, count: number): Promise<void> {
  await inBatches(count, size => acceptJobs(database.run, Array.from({ length: size }, job)))
}

/** The same for BullMQ alone. */
export async function addMany({ queue }: Side, count: number): Promise<void> {
  await inBatches(count, size => queue.addBulk(Array.from({ length: size }, bareJob)))
}

/** Calls `one` with sizes that add up to `count`, two at a time. */
export async function inBatches(count: number, one: (size: number) => Promise<unknown>): Promise<void> {
  let left = count
  async function lane(): Promise<void> {
    while (left > 0) {
      const size = Math.min(jobsPerBatch, left)
      left -= size
      await one(size)
    }
  }
  await Promise.all(Array.from({ length: batchesInFlight }, lane))
}

/** Accepts single jobs through micro-batches, as the intake does. */
export function acceptOneOf({ database }: Side): () => Promise<void> {
  const accept = accepter(database.run)
  return async () => void (await accept(job()))
}

/** The same for BullMQ alone. */
export function addOneOf({ queue }: Side): () => Promise<void> {
  return async () => {
    const { name, data, opts } = bareJob()
    await queue.add(name, data, opts)
  }
}

/** Resolves when every accepted job has its outcome. */
export async function ledgerDrained({ database }: Side): Promise<void> {
  await untilTrue(async () => {
    const { rows } = await database.knex.raw<{ rows: { open: boolean }[] }>(
      'select exists (select from hbnb_jobs.job_live) as open',
    )
    return rows[0]?.open === false
  })
}

/** Resolves when a queue is empty. */
export async function queueDrained(queue: Pick<Queue, 'getJobCounts'>): Promise<void> {
  await untilTrue(async () => {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized')
    return Object.values(counts).every(count => count === 0)
  })
}

/** Looks until it is true; throws after five minutes. */
export async function untilTrue(look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await look())) {
    if (performance.now() > deadline) throw new Error(`the bench waited ${withinMs} ms in vain`)
    await delay(lookEveryMs)
  }
}
