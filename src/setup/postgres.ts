import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { type Cluster, openCluster } from './postgres-cluster.ts'
import { databaseIdentity, durableDataFolder, temporaryDataFolder } from './postgres-data.ts'
import { removeStaleLock, waitForLock } from './postgres-lock.ts'
import { freePort, type Identity, ServerNotStarted, type ServerProcess, startServer } from './server-process.ts'

const DEFAULT_MAX_CONNECTIONS = 200
const START_ATTEMPTS = 20
const RETRY_DELAY_MS = 100

/** `dataDir` keeps the data; without it, a folder of its own that `stop` removes. `fsync` is on exactly when data is kept, unless told. */
export type PostgresOptions = { dataDir?: string; fsync?: boolean; port?: number; maxConnections?: number }

/** A running PostgreSQL. `pid` changes on `restart`, url and port never do. `stop` is final for throw-away data. */
export type EmbeddedPostgres = {
  readonly url: string
  readonly port: number
  readonly pid: number
  stop(): Promise<void>
  kill(): Promise<void>
  restart(): Promise<void>
}

/**
 * Starts the PostgreSQL that npm installed, on 127.0.0.1, with a password that only the url carries.
 * Rejects when the data folder is in use, the port is taken, or the programs do not run here.
 */
export async function startPostgres(options: PostgresOptions = {}): Promise<EmbeddedPostgres> {
  const identity = databaseIdentity(options.dataDir)
  const { initdb, postgres } = findPostgresBinaries(identity)
  const home =
    options.dataDir === undefined ? temporaryDataFolder(identity) : durableDataFolder(options.dataDir, identity)
  const sync = options.fsync ?? options.dataDir !== undefined
  const removeThrowAway = () => {
    if (options.dataDir === undefined) rmSync(home, { recursive: true, force: true })
  }
  try {
    const cluster = openCluster(initdb, home, identity, sync)
    const throwAway = options.dataDir === undefined ? { throwAwayFolder: home } : {}
    const settings = serverSettings(sync, options.maxConnections ?? DEFAULT_MAX_CONNECTIONS)
    const launch = (port: number | undefined) =>
      launchPostgres({ postgres, cluster, identity, settings, throwAway }, port)
    const first = await launch(options.port)
    const { port } = first
    let server = first.server
    return {
      url: `postgres://hbnb:${cluster.password}@127.0.0.1:${port}/postgres`,
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
        server = (await launch(port)).server
      },
    }
  } catch (error) {
    removeThrowAway()
    throw error
  }
}

function serverSettings(sync: boolean, maxConnections: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    // TCP only: a socket's path may be 107 bytes long, and a project may lie deeper.
    unix_socket_directories: '',
    max_connections: maxConnections,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // "log" is above "error": failed statements, which may hold personal data, stay out.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    // synchronous_commit stays on: a commit is then with the kernel, and outlives a kill -9 of the server.
    ...(sync ? {} : { fsync: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

type Launch = {
  postgres: string
  cluster: Cluster
  identity: Identity
  settings: readonly string[]
  throwAway: { throwAwayFolder?: string }
}

async function launchPostgres(
  { postgres, cluster, identity, settings, throwAway }: Launch,
  wantedPort: number | undefined,
): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    await waitForLock(cluster.folder)
    const port = wantedPort ?? (await freePort())
    try {
      const server = await startServer({
        name: 'PostgreSQL',
        command: postgres,
        args: ['-D', cluster.folder, '-p', String(port), ...settings],
        cwd: '/',
        identity,
        readyLine: /database system is ready to accept connections/,
        stopSignal: 'SIGINT',
        ...throwAway,
      })
      return { port, server }
    } catch (error) {
      if (!(error instanceof ServerNotStarted) || attempt >= START_ATTEMPTS) throw error
      if (/lock file "postmaster.pid" already exists/.test(error.log)) removeStaleLock(cluster.folder)
      else if (!mayPass(error.log, wantedPort)) throw error
      await delay(RETRY_DELAY_MS)
    }
  }
}

/** Children of a killed server hold its memory for a moment; and somebody may have taken the port that we found free. */
function mayPass(log: string, wantedPort: number | undefined): boolean {
  if (/pre-existing shared memory block/.test(log)) return true
  return wantedPort === undefined && /could not bind .* address/i.test(log)
}
