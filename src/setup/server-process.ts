import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { stopWithParent } from './stop-with-parent.ts'

const START_TIMEOUT_MS = 60_000
const STOP_TIMEOUT_MS = 10_000
const LOG_LINES_KEPT = 40

/** A uid and gid to run a child as; empty for "as we are". */
export type Identity = { uid?: number; gid?: number }

/** How to launch a server: its command, what it prints when it is ready, and the signal that ends it cleanly. */
export type ServerCommand = {
  name: string
  command: string
  args: readonly string[]
  cwd: string
  identity?: Identity
  environment?: Readonly<Record<string, string>>
  /** Written to its standard input: secrets go here, since every user of the machine can read a command line. */
  input?: string
  readyLine: RegExp
  stopSignal: 'SIGINT' | 'SIGTERM'
  /** Removed when we die before we could. */
  throwAwayFolder?: string
}

/** A running server. `stop` asks, then kills after 10 s; `kill` is SIGKILL; both return when it is gone. */
export type ServerProcess = { readonly pid: number; stop(): Promise<void>; kill(): Promise<void> }

/** The server ended before it was ready; `log` holds its last lines. */
export class ServerNotStarted extends Error {
  readonly log: string
  constructor(name: string, log: string) {
    super(`${name} did not start:\n${log}`)
    this.name = 'ServerNotStarted'
    this.log = log
  }
}

/**
 * Starts a server and returns when it says that it is ready. It gets none of our environment, its own process group
 * (a Ctrl-C in the terminal reaches us, and we stop it in our order), and ends with us even if we are killed.
 */
export async function startServer(server: ServerCommand): Promise<ServerProcess> {
  const child = spawn(server.command, server.args, {
    ...server.identity,
    cwd: server.cwd,
    detached: true,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC', ...server.environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const exited = new Promise<void>(resolve => {
    child.once('close', () => resolve())
    child.once('error', () => resolve())
  })
  const spawnFault = new Promise<never>((_resolve, reject) => child.once('error', reject))
  spawnFault.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  child.stdin.end(server.input ?? '')

  const log: string[] = []
  const ready = new Promise<true>(resolve => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', line => {
        log.push(line)
        if (log.length > LOG_LINES_KEPT) log.shift()
        if (server.readyLine.test(line)) resolve(true)
      })
    }
  })
  const pid = child.pid
  if (pid === undefined) return await spawnFault

  const watcher = stopWithParent(pid, server.stopSignal, server.throwAwayFolder)
  const released = exited.then(() => watcher.release())
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
    child.kill(signal)
    await released
    clearTimeout(deadline)
  }

  const startDeadline = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT_MS)
  const started = await Promise.race([ready, exited])
  clearTimeout(startDeadline)
  if (started !== true) {
    await released
    throw new ServerNotStarted(server.name, log.join('\n'))
  }
  return { pid, stop: () => end(server.stopSignal), kill: () => end('SIGKILL') }
}

/** A TCP port of 127.0.0.1 that was free a moment ago; whoever takes it must be ready to ask again. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('the system gave no port')
  return address.port
}
