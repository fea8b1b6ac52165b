import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { loadConfig } from '../../../src/config/load.ts'
import contract from '../job-types/contracts/bench/noop.ts'
import { sampleStart } from '../samples.ts'
import { serve } from './serve.ts'

// What we are measured against: BullMQ alone, with the same payload, check, work and concurrency.
const { queue } = loadConfig()
const connection = new Redis(queue.url, { maxRetriesPerRequest: null })
const worker = new Worker(
  contract.name,
  async job => {
    const { sent_ms } = contract.payload.strip().parse(job.data)
    sampleStart(sent_ms)
    return { ok: true }
  },
  { connection, prefix: queue.prefix, concurrency: contract.concurrency.perProcess },
)
await worker.waitUntilReady()
serve(async () => {
  await worker.close()
  connection.disconnect()
})
