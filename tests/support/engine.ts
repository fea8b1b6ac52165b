import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { Registry } from 'prom-client'
import { inject } from 'vitest'
import type { Catalog } from '../../queues/catalog.ts'
import type { JobContract } from '../../queues/define-job.ts'
import { type Config, loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { type JobOptions, newJob } from '../../src/ledger/new-job.ts'
import { startRelay } from '../../src/ledger/start-relay.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import type { JobFolders } from '../../workers/runtime/lone-runner.ts'
import type { JobType } from '../../workers/runtime/process.ts'
import { type StartedWorkers, startWorkers } from '../../workers/start-workers.ts'
import { createTestDatabase } from '../setup/database.ts'
import { until } from './until.ts'

/** How a job ended, as the ledger has it. */
export interface Outcome {
  readonly outcome: string
  readonly attempts: number
  readonly result: unknown
  readonly reason: string | null
  readonly error: { code: string | null; message: string } | null
}

/** A whole engine of the test's own: database, queue namespace, relay, workers, in this process. */
export interface TestEngine {
  readonly config: Config
  readonly database: Database
  /** A producer's view of the queues. */
  readonly backend: QueueBackend
  accept(contract: JobContract, payload: Record<string, unknown>, options?: JobOptions): Promise<string>
  /** Waits until the job has ended. */
  ended(id: string): Promise<Outcome>
  startWorkers(onCondemned?: (reason: string) => void): Promise<StartedWorkers>
  /** Stops all workers in order, as SIGTERM does. */
  stopWorkers(): Promise<void>
  close(): Promise<void>
}

/** The environment of a queue backend of the run, in a namespace of the test's own. */
export async function testEnvironment(env: Record<string, string> = {}) {
  const database = await createTestDatabase()
  const onRedis = process.env.QUEUE_BACKEND === 'redis'
  const redisUrl = inject('redisUrl')
  if (onRedis && redisUrl === null) throw new Error('this project needs a Redis')
  if (!onRedis) await migrateQueueSchema(database.url)
  return {
    database,
    env: {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATABASE_URL: database.url,
      QUEUE_URL: onRedis && redisUrl !== null ? redisUrl : database.url,
      QUEUE_PREFIX: `test-${randomBytes(6).toString('hex')}`,
      ...env,
    },
  }
}

/** `folders` let suspects run in a process of their own; without them they run like all others. */
export async function startEngine(
  types: readonly JobType[],
  env: Record<string, string> = {},
  folders?: readonly JobFolders[],
): Promise<TestEngine> {
  const environment = await testEnvironment(env)
  const config = loadConfig(environment.env)
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const catalog: Catalog = new Map(types.map(({ contract }) => [contract.name, contract]))
  const database = connectDatabase(config.database.url)
  const relay = await startRelay(catalog, { config, log, registry: new Registry() })
  const backend = openQueueBackend(config.queue)
  await backend.check()
  const started: StartedWorkers[] = []
  const engine: TestEngine = {
    config,
    database,
    backend,
    async accept(contract, payload, options) {
      const job = newJob(contract, payload, options)
      await acceptJobs(database.run, [job])
      return job.id
    },
    ended: id =>
      until(`job ${id} has ended`, async () => {
        return await database.knex('hbnb_jobs.job_outcomes').where({ id }).first<Outcome | undefined>()
      }),
    async startWorkers(onCondemned = () => {}) {
      const workers = await startWorkers(
        types,
        { config, log, registry: new Registry(), ...(folders ? { folders } : {}) },
        onCondemned,
      )
      started.push(workers)
      return workers
    },
    async stopWorkers() {
      await Promise.all(started.map(workers => workers.stop()))
    },
    async close() {
      await engine.stopWorkers()
      await relay.stop()
      for (const name of catalog.keys()) await backend.queue(name).obliterate({ force: true })
      await backend.close()
      await database.close()
      await environment.database.drop()
    },
  }
  await engine.startWorkers()
  return engine
}
