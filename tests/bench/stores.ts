import { Queue } from 'bullmq'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { release } from '../../src/db/release.ts'
import { openQueueBackend, type QueueBackend } from '../../src/queue/backend.ts'
import { startPostgres } from '../../src/setup/postgres.ts'
import { startRedis } from '../../src/setup/redis.ts'
import { withDatabase } from '../setup/template.ts'
import contract from './job-types/contracts/bench/noop.ts'
import { benchCatalog } from './job-types.ts'

/** Postgres with fsync on, and Redis. */
export interface Stores {
  readonly redisUrl: string
  /** A migrated database and a queue namespace of its own. */
  makeSide(name: string): Promise<Side>
  stop(): Promise<void>
}

/** One side of a comparison: where its rows and its queue are. */
export interface Side {
  readonly name: string
  readonly database: Database
  readonly queue: Queue
  /** As our own producers open it, on the same queues. */
  readonly backend: QueueBackend
  readonly redis: Redis
  readonly env: Readonly<Record<string, string>>
}

const statementTimeoutMs = 600_000

/** Starts the servers of a bench. */
export async function startStores(logLevel: string): Promise<Stores> {
  const [postgres, redis] = await Promise.all([startPostgres({ fsync: true }), startRedis()])
  const catalog = await benchCatalog()
  const closes: (() => Promise<void>)[] = []
  return {
    redisUrl: redis.url,
    async makeSide(name) {
      await query(postgres.url, `create database ${name}`)
      const url = withDatabase(postgres.url, name)
      await release(catalog, { databaseUrl: url, queueUrl: redis.url, queueKind: 'redis' })
      await query(url, `alter database ${name} set statement_timeout = ${statementTimeoutMs}`)
      const database = connectDatabase(url, { poolMax: 4, name: 'bench' })
      const connection = new Redis(redis.url, { maxRetriesPerRequest: null })
      const prefix = `bench-${name}`
      const queue = new Queue(contract.name, { connection, prefix })
      const backend = openQueueBackend({ url: redis.url, prefix })
      await backend.check()
      closes.push(async () => {
        await Promise.all([queue.close(), backend.close()])
        connection.disconnect()
        await database.close()
      })
      const env = {
        NODE_ENV: 'test',
        DATABASE_URL: url,
        QUEUE_URL: redis.url,
        QUEUE_PREFIX: prefix,
        LOG_LEVEL: logLevel,
      }
      return { name, database, queue, backend, redis: connection, env }
    },
    async stop() {
      for (const close of closes) await close()
      await Promise.all([postgres.stop(), redis.stop()])
    },
  }
}

async function query(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
