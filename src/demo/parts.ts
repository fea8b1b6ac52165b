import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { loadCatalog } from '../../queues/catalog.ts'
import type { DemoEnvironment } from '../config/demo-environment.ts'
import { createApiKey } from '../db/api-keys.ts'
import { connectDatabase, type Database } from '../db/connect.ts'
import { release } from '../db/release.ts'
import { sandboxControl } from '../sandbox/control-client.ts'
import { startPostgres } from '../setup/postgres.ts'
import { freePort } from '../setup/server-process.ts'
import { isFreePort } from './free-port.ts'
import { type NodeProcess, startNode } from './node-process.ts'

const root = join(import.meta.dirname, '../..')
const dataFolder = join(root, '.data')
/** Shorter than in production, so that a provider that never answers does not hold the demo for long. */
const providerTimeoutMs = 5_000
const maxPortsTried = 3

/** The whole system on this machine, each part a process of its own. */
export interface Parts {
  readonly database: Database
  readonly databaseUrl: string
  readonly sandbox: ReturnType<typeof sandboxControl>
  readonly sandboxUrl: string
  readonly intakeUrl: string
  readonly webhookSecret: string
  /** A key for jobs and for the mirror, as an app of the platform has one. */
  readonly apiKey: string
  readonly queueKind: 'postgres' | 'redis'
  readonly logFolder: string
  /** kill -9 of the worker process. Resolves when it is gone. */
  killWorker(): Promise<void>
  startWorker(): Promise<void>
  /** Stops everything in order. */
  stop(): Promise<void>
}

/** Starts database, sandbox, intake, relay and worker; `say` hears of each step. On failure what was started is stopped. */
export async function startParts(env: DemoEnvironment, say: (step: string) => void): Promise<Parts> {
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const step of stops.splice(0).toReversed()) await step()
  }
  for (let { PORT } = env, portsTried = 1; ; portsTried += 1) {
    try {
      return await startEach({ ...env, PORT }, say, stops, stop)
    } catch (error) {
      await stop()
      if (!isPortTaken(error) || portsTried >= maxPortsTried) throw error
      PORT = await freePort()
      say(`somebody else took the port meanwhile: starting again on ${PORT}`)
    }
  }
}

/** A port that was free when we looked may be taken by the time the intake listens: two demos started at once. */
function isPortTaken(error: unknown): boolean {
  return error instanceof Error && error.message.includes('EADDRINUSE')
}

async function startEach(
  env: DemoEnvironment,
  say: (step: string) => void,
  stops: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<Parts> {
  const databaseUrl = env.DATABASE_URL ?? (await startDatabase(say, stops))
  const queueUrl = env.QUEUE_URL ?? databaseUrl
  const queueKind = /^rediss?:/.test(queueUrl) ? ('redis' as const) : ('postgres' as const)
  await release(await loadCatalog(), { databaseUrl, queueUrl, queueKind })
  const database = connectDatabase(databaseUrl, { poolMax: 4, name: 'hbnb-jobs-demo' })
  stops.push(() => database.close())
  say('migrated the schema')
  const { key: apiKey } = await createApiKey(database.knex, {
    name: 'demo',
    tenant: 'default',
    scopes: ['jobs:write', 'jobs:read', 'platform:write', 'platform:read', 'notifications:write', 'notifications:read'],
  })

  const sandboxPort = await freePort()
  const intakePort = (await isFreePort(env.PORT)) ? env.PORT : await freePort()
  const [sandboxUrl, intakeUrl] = [`http://127.0.0.1:${sandboxPort}`, `http://127.0.0.1:${intakePort}`]
  const webhookSecret = randomBytes(24).toString('hex')
  const processEnv = {
    PATH: env.PATH,
    NODE_ENV: 'development',
    DATABASE_URL: databaseUrl,
    QUEUE_URL: queueUrl,
    SANDBOX_URL: sandboxUrl,
    PORT: String(intakePort),
    PUBLIC_URL: intakeUrl,
    WEBHOOK_SECRET: webhookSecret,
    SESSION_SECRET: randomBytes(32).toString('hex'),
    UNSUBSCRIBE_SECRET: randomBytes(32).toString('hex'),
    PROVIDER_TIMEOUT_MS: String(providerTimeoutMs),
  }
  const logFolder = join(dataFolder, 'logs')
  const start = async (name: string, entry: string, ready: RegExp, args: readonly string[] = []) => {
    const started = await startNode({
      name,
      entry: join(root, entry),
      args,
      env: processEnv,
      ready,
      logFile: join(logFolder, `${name}.log`),
    })
    say(`started the ${name} (pid ${started.pid})`)
    return started
  }

  const events = `${intakeUrl}/webhooks/sendgrid`
  const sandbox = await start('sandbox', 'src/sandbox/main.ts', /^sandbox: /, [
    '--port',
    String(sandboxPort),
    '--sendgrid-events-url',
    events,
  ])
  stops.push(sandbox.stop)
  const worker = { current: undefined as NodeProcess | undefined }
  const startWorker = async () => {
    worker.current = await start('worker', 'workers/main.ts', /"workers started"/)
  }
  // Stopped in the order of the data's way: the door first, then the relay, then the workers.
  stops.push(async () => worker.current?.stop())
  const began = await Promise.allSettled([
    start('relay', 'src/ledger/main.ts', /"relay started"/),
    start('intake', 'src/intake/main.ts', /"listening"/),
    startWorker(),
  ])
  // Those that did start are stopped also when another did not.
  for (const one of began) if (one.status === 'fulfilled' && one.value) stops.push(one.value.stop)
  for (const one of began) if (one.status === 'rejected') throw one.reason
  return {
    database,
    databaseUrl,
    sandbox: sandboxControl(sandboxUrl),
    sandboxUrl,
    intakeUrl,
    webhookSecret,
    apiKey,
    queueKind,
    logFolder,
    killWorker: async () => {
      await worker.current?.kill()
    },
    startWorker,
    stop,
  }
}

async function startDatabase(say: (step: string) => void, stops: (() => Promise<void>)[]): Promise<string> {
  const startedMs = performance.now()
  const postgres = await startPostgres({ dataDir: join(dataFolder, 'postgres') })
  stops.push(() => postgres.stop())
  say(
    `started PostgreSQL (pid ${postgres.pid}, ${Math.round(performance.now() - startedMs)} ms, data in .data/postgres)`,
  )
  return postgres.url
}
