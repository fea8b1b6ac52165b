import {
  type BackendFactory,
  createPostgresBackend,
  type PgPool,
  Queue,
  type RedisQueueBackend,
  runMigrations,
  Worker,
} from 'bullmq'
import { Client, Pool } from 'pg'
import type { CopyQueue, CopyWorker, QueueBackend } from './backend.ts'

const schema = 'bullmq'
// Each worker keeps one connection for LISTEN; 38 queues were measured at 49 connections in all.
const poolMax = 60
const connectTimeoutMs = 5_000

/** BullMQ's own PostgreSQL store. For demo, development and one worker process (bullmq#4814 concerns several). */
export function postgresBackend(url: string): QueueBackend {
  const pool = new Pool({
    connectionString: url,
    max: poolMax,
    keepAlive: true,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'hbnb-jobs-queue',
    options: `-c search_path=${schema}`,
  })
  // An idle connection cut by the server is replaced at the next query, which reports what matters.
  pool.on('error', () => {})
  // Every queue and worker listens to the pool, and there is one per job type: Node would suspect a leak from the 11th.
  pool.setMaxListeners(0)
  const queues = new Map<string, CopyQueue>()
  // Both are asked for by type alone: the connection by BullMQ, the store's own type by CopyQueue.
  const connection = {}
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const onPool = onlyOn(pool) as BackendFactory<RedisQueueBackend>

  return {
    kind: 'postgres',
    // The queue's tables live and die with the ledger's.
    marks: undefined,
    redis: undefined,
    queue(name) {
      const open = queues.get(name)
      if (open) return open
      const queue: CopyQueue = new Queue(name, { connection }, onPool)
      queue.on('error', () => {})
      queues.set(name, queue)
      return queue
    },
    worker(name, processor, options): CopyWorker {
      return new Worker(name, processor, { ...options, connection }, onPool)
    },
    async check() {
      const { rows } = await pool.query<{ found: boolean }>(`select to_regnamespace($1) is not null as found`, [schema])
      if (!rows[0]?.found) throw new Error(`the queue's schema "${schema}" is missing: run "npm run migrate"`)
    },
    async close() {
      await Promise.all([...queues.values()].map(queue => queue.close()))
      await pool.end()
    },
  }
}

function onlyOn(pool: Pool): BackendFactory {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The driver's own pool, described twice.
  return (name, options, more) => createPostgresBackend(name, { ...options, connection: pool as PgPool }, more)
}

/** Creates or upgrades BullMQ's own tables. An unmigrated schema would make workers fail in a hot loop. */
export async function migrateQueueSchema(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await runMigrations(client, schema)
  } finally {
    await client.end()
  }
}
