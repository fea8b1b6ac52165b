import type { Catalog } from '../../queues/catalog.ts'
import type { JobContract } from '../../queues/define-job.ts'
import { loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { type JobOptions, newJob } from '../../src/ledger/new-job.ts'
import { openRelay, type Relay } from '../../src/ledger/relay/relay.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { testEnvironment } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'

/** What a test says about one row that waits. */
export interface Waiting extends JobOptions {
  readonly n?: number
}

const token = 'test'

/** A relay that passes when the test says so, and queues that nobody works on. */
export interface RelayWorld {
  readonly database: Database
  readonly backend: QueueBackend
  readonly contract: JobContract
  readonly relay: Relay
  /** Makes rows that are due, in this order. Answers their ids. */
  accept(rows: readonly Waiting[]): Promise<string[]>
  /** Rows whose state is `queued`. */
  queued(): Promise<{ id: string; lane: string; priority: number }[]>
  /** Does the next copies as a worker would, and ends their rows. Answers the ids in the order in which they were served. */
  serve(count: number): Promise<string[]>
  close(): Promise<void>
}

export async function startRelayWorld(
  changes: Parameters<typeof testJob>[1] = {},
  env: Record<string, string> = {},
): Promise<RelayWorld> {
  const environment = await testEnvironment(env)
  const config = loadConfig(environment.env)
  const database = connectDatabase(config.database.url)
  const backend = openQueueBackend(config.queue)
  await backend.check()
  const { contract } = testJob(async ({ n }) => ({ n }), changes)
  const catalog: Catalog = new Map([[contract.name, contract]])
  const relay = openRelay(database.run, backend, catalog)
  const worker = backend.worker(contract.name, async () => '', { autorun: false })
  // Its listening connection may still be open when the database is dropped.
  worker.on('error', () => {})
  let accepted = 0
  return {
    database,
    backend,
    contract,
    relay,
    async accept(rows) {
      const firstDue = Date.now() - 3_600_000
      const jobs = rows.map(({ n = 0, ...options }) => {
        accepted += 1
        return newJob(contract, { n }, { runAt: new Date(firstDue + accepted), ...options })
      })
      await acceptJobs(database.run, jobs)
      return jobs.map(({ id }) => id)
    },
    queued: async () =>
      await database
        .knex('hbnb_jobs.job_live')
        .where({ state: 'queued' })
        .select('id', 'lane', 'priority')
        .orderBy('id'),
    async serve(count) {
      const ids: string[] = []
      while (ids.length < count) {
        const copy = await worker.getNextJob(token, { block: false })
        if (!copy) break
        await copy.moveToCompleted('', token, false)
        await database.knex('hbnb_jobs.job_live').where({ id: copy.data.id }).delete()
        ids.push(copy.data.id)
      }
      return ids
    },
    async close() {
      await worker.close()
      await backend.queue(contract.name).obliterate({ force: true })
      await backend.close()
      await database.close()
      await environment.database.drop()
    },
  }
}
