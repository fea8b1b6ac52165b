import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey } from '../../src/db/api-keys.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { type NodeProcess, startNode } from '../../src/demo/node-process.ts'
import { openQueueBackend } from '../../src/queue/backend.ts'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { type SandboxControl, sandboxControl } from '../../src/sandbox/control-client.ts'
import { type EmbeddedPostgres, startPostgres } from '../../src/setup/postgres.ts'
import { type LocalRedis, startRedis } from '../../src/setup/redis.ts'
import { freePort } from '../../src/setup/server-process.ts'
import { type DeafProxy, startDeafProxy } from './deaf-proxy.ts'
import { type Supervised, supervise } from './supervised.ts'

const root = join(import.meta.dirname, '../..')

/** Short, so that a provider that never answers is soon a doubt to settle; long enough for an answer on a busy machine. */
export const providerTimeoutMs = 3_000
/** What the longest send may take, and 5 s. */
const shutdownDeadlineMs = 8_000

const queuePrefix = 'chaos'

export type Backend = 'redis' | 'postgres'

/** How many of each process, and which entries: `plain` is what is deployed, `extra` also knows the test's job types. */
export interface SystemShape {
  readonly workers: number
  readonly relays: number
  readonly intakes: number
  readonly jobTypes: 'plain' | 'extra'
  /** The release of the workers that run at the start, where it is not the newest. */
  readonly firstWorkers?: 'old'
  /** Workers reach Redis through one proxy that can make them deaf. */
  readonly workersBehindProxy?: true
}

/** A whole system of its own: servers, sandbox and supervised processes of ours. */
export interface System {
  readonly backend: Backend
  readonly database: Database
  readonly databaseUrl: string
  readonly postgres: EmbeddedPostgres
  /** Null on the Postgres backend. */
  readonly redis: LocalRedis | null
  /** Null unless the workers are behind it. */
  readonly proxy: DeafProxy | null
  readonly sandbox: SandboxControl
  readonly sandboxUrl: string
  readonly intakeUrls: readonly [string, ...string[]]
  readonly apiKey: string
  readonly webhookSecret: string
  readonly intakes: readonly [Supervised, ...Supervised[]]
  readonly relays: readonly [Supervised, ...Supervised[]]
  /** Changes during a rolling deploy. */
  readonly workers: Supervised[]
  /** Ids of the jobs whose copies a worker has fetched and not given back. */
  fetchedCopies(): Promise<ReadonlySet<string>>
  /** One more worker, of the newest (`extra`) or the previous (`old`) release. */
  startWorker(release?: 'plain' | 'extra' | 'old'): Promise<Supervised>
  stop(): Promise<void>
}

/** Starts everything. On failure what was started is stopped. */
export async function startSystem(backend: Backend, shape: SystemShape): Promise<System> {
  const stops: (() => Promise<void> | void)[] = []
  const stop = async () => {
    for (const step of stops.splice(0).toReversed()) await step()
  }
  try {
    return await startParts(backend, shape, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(
  backend: Backend,
  shape: SystemShape,
  stops: (() => Promise<void> | void)[],
  stop: () => Promise<void>,
): Promise<System> {
  const logs = mkdtempSync(join(tmpdir(), 'hbnb-chaos-'))
  stops.push(() => rmSync(logs, { recursive: true, force: true }))
  const postgres = await startPostgres({ fsync: true })
  stops.push(() => postgres.stop())
  const redis = backend === 'redis' ? await startRedis({ appendOnly: true }) : null
  if (redis) stops.push(() => redis.stop())
  await migrateDatabase(postgres.url)
  if (backend === 'postgres') await migrateQueueSchema(postgres.url)
  const database = connectDatabase(postgres.url, { poolMax: 4, name: 'chaos' })
  stops.push(() => database.close())
  const { key: apiKey } = await createApiKey(database.knex, {
    name: 'chaos',
    tenant: 'default',
    scopes: ['jobs:write'],
  })

  const sandboxPort = await freePort()
  const ports = await Promise.all(Array.from({ length: shape.intakes }, freePort))
  const intakeUrls = atLeastOne(ports.map(port => `http://127.0.0.1:${port}`))
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`
  const webhookSecret = randomBytes(24).toString('hex')
  const queueUrl = redis?.url ?? postgres.url
  const queues = openQueueBackend({ url: queueUrl, prefix: queuePrefix })
  await queues.check()
  stops.push(() => queues.close())
  const proxy = shape.workersBehindProxy && redis ? await startDeafProxy(redis.url) : null
  if (proxy) stops.push(() => proxy.close())
  const env = {
    NODE_ENV: 'development',
    DATABASE_URL: postgres.url,
    QUEUE_URL: queueUrl,
    QUEUE_PREFIX: queuePrefix,
    SANDBOX_URL: sandboxUrl,
    PUBLIC_URL: intakeUrls[0],
    WEBHOOK_SECRET: webhookSecret,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    PROVIDER_TIMEOUT_MS: String(providerTimeoutMs),
    SHUTDOWN_DEADLINE_MS: String(shutdownDeadlineMs),
  }
  const command = (name: string, entry: string, ready: RegExp, args: readonly string[] = [], more = {}) => ({
    name,
    entry: join(root, entry),
    args,
    env: { ...env, ...more },
    ready,
    logFile: join(logs, `${name}.log`),
  })
  const events = ['--port', String(sandboxPort), '--sendgrid-events-url', `${intakeUrls[0]}/webhooks/sendgrid`]
  const sandbox: NodeProcess = await startNode(command('sandbox', 'src/sandbox/main.ts', /^sandbox: /, events))
  stops.push(() => sandbox.stop())

  const keep = async (...given: Parameters<typeof command>): Promise<Supervised> => {
    const kept = await supervise(command(...given))
    stops.push(() => kept.stop())
    return kept
  }
  const extra = shape.jobTypes === 'extra'
  let workersStarted = 0
  const startWorker: System['startWorker'] = async (release = shape.jobTypes) => {
    workersStarted += 1
    const entry = release === 'plain' ? 'workers/main.ts' : 'tests/chaos/worker-main.ts'
    const args = release === 'plain' ? [] : [release]
    const more = proxy ? { QUEUE_URL: proxy.url } : {}
    return await keep(`worker-${workersStarted}`, entry, /"workers started"/, args, more)
  }
  const relayEntry = extra ? 'tests/chaos/relay-main.ts' : 'src/ledger/main.ts'
  const [intakes, relays, workers] = await Promise.all([
    Promise.all(
      ports.map((port, index) =>
        keep(`intake-${index + 1}`, 'src/intake/main.ts', /"listening"/, [], { PORT: String(port) }),
      ),
    ),
    Promise.all(
      Array.from({ length: shape.relays }, (_, index) => keep(`relay-${index + 1}`, relayEntry, /"relay started"/)),
    ),
    Promise.all(Array.from({ length: shape.workers }, () => startWorker(shape.firstWorkers))),
  ])
  return {
    backend,
    database,
    databaseUrl: postgres.url,
    postgres,
    redis,
    proxy,
    sandbox: sandboxControl(sandboxUrl),
    sandboxUrl,
    intakeUrls,
    apiKey,
    webhookSecret,
    intakes: atLeastOne(intakes),
    relays: atLeastOne(relays),
    workers,
    startWorker,
    async fetchedCopies() {
      const names = await database.knex('hbnb_jobs.job_live').distinct().pluck<string[]>('name')
      const active = await Promise.all(names.map(async name => await queues.queue(name).getJobs('active')))
      return new Set(active.flat().map(({ data }) => data.id))
    },
    stop,
  }
}

function atLeastOne<T>(list: readonly T[]): [T, ...T[]] {
  const [first, ...rest] = list
  if (first === undefined) throw new Error('at least one of each process is needed')
  return [first, ...rest]
}
