import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { findRedis } from './redis-binary.ts'
import { freePort, ServerNotStarted, type ServerProcess, startServer } from './server-process.ts'

const PASSWORD_BYTES = 24
const PORT_ATTEMPTS = 5

/** `dir` keeps the data between starts; `appendOnly` writes each change to disk within a second. */
export type RedisOptions = { appendOnly?: boolean; dir?: string; port?: number }

/** A running Redis. `pid` changes on `restart`, url, port and data never do (without `appendOnly` there is no data to keep). */
export type LocalRedis = {
  readonly url: string
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
  kill(): Promise<void>
  restart(): Promise<void>
}

/** Starts a Redis on 127.0.0.1 that never evicts. Rejects when there is no Redis to run, or the port is taken. */
export async function startRedis(options: RedisOptions = {}): Promise<LocalRedis> {
  const redis = await findRedis()
  if ('missing' in redis) throw new Error(`Redis cannot be started: ${redis.missing}`)
  const dir = options.dir === undefined ? mkdtempSync(join(tmpdir(), 'hbnb-redis-')) : resolve(options.dir)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const password = randomBytes(PASSWORD_BYTES).toString('base64url')
  const launch = (port: number) =>
    startServer({
      name: 'Redis',
      command: redis.path,
      args: ['-'],
      cwd: dir,
      environment: redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath },
      input: configuration(port, password, options.appendOnly ?? false),
      readyLine: /Ready to accept connections/,
      stopSignal: 'SIGTERM',
      ...(options.dir === undefined ? { throwAwayFolder: dir } : {}),
    })
  const removeThrowAway = () => {
    if (options.dir === undefined) rmSync(dir, { recursive: true, force: true })
  }
  try {
    const first =
      options.port === undefined
        ? await launchOnFreePort(launch)
        : { port: options.port, server: await launch(options.port) }
    const { port } = first
    let server = first.server
    return {
      url: `redis://:${password}@127.0.0.1:${port}`,
      port,
      get pid() {
        return server.pid
      },
      stop: async () => {
        await server.stop()
        removeThrowAway()
      },
      kill: () => server.kill(),
      restart: async () => {
        await server.stop()
        server = await launch(port)
      },
    }
  } catch (error) {
    removeThrowAway()
    throw error
  }
}

async function launchOnFreePort(
  launch: (port: number) => Promise<ServerProcess>,
): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort()
    try {
      return { port, server: await launch(port) }
    } catch (error) {
      if (attempt >= PORT_ATTEMPTS || !(error instanceof ServerNotStarted) || !/already in use/i.test(error.log))
        throw error
    }
  }
}

function configuration(port: number, password: string, appendOnly: boolean): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    'maxmemory-policy noeviction',
    `appendonly ${appendOnly ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'save ""',
    'daemonize no',
    '',
  ].join('\n')
}
