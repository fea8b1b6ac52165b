import { setTimeout as delay } from 'node:timers/promises'
import { type NodeCommand, type NodeProcess, startNode } from '../../src/demo/node-process.ts'

const lookEveryMs = 50
/** As a process manager would: at once, but not in a hot loop while its stores are away. */
const restartPauseMs = 250

/** A process that is started again whenever it ends, as systemd or a container platform does it. */
export interface Supervised {
  readonly name: string
  /** The process that runs just now; undefined while it is between two lives. */
  pid(): number | undefined
  /** Resolves when a process runs. */
  running(): Promise<number>
  /** SIGKILL, SIGSTOP or SIGCONT to the process that runs. Answers its pid and when the signal was sent (epoch, ms). */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): Promise<{ pid: number; atMs: number }>
  /** How often it ended without being asked to. */
  deaths(): number
  /** SIGTERM, and no new life. */
  stop(): Promise<void>
}

/** Starts a process and keeps it alive until `stop`. Rejects when its first start fails. */
export async function supervise(command: NodeCommand): Promise<Supervised> {
  let current: NodeProcess | undefined = await startNode(command)
  let deaths = 0
  const end = new AbortController()
  const kept = keepAlive()

  async function keepAlive(): Promise<void> {
    while (!end.signal.aborted) {
      if (current !== undefined && !isAlive(current.pid)) {
        await current.kill()
        current = undefined
        deaths += 1
      }
      // A start that fails (its store is away) is tried again.
      if (current === undefined) current = await startNode(command).catch(() => undefined)
      await delay(current === undefined ? restartPauseMs : lookEveryMs, undefined, { signal: end.signal }).catch(
        () => {},
      )
    }
  }
  async function running(): Promise<number> {
    for (;;) {
      if (current !== undefined && isAlive(current.pid)) return current.pid
      await delay(lookEveryMs)
    }
  }
  return {
    name: command.name,
    pid: () => current?.pid,
    running,
    async signal(signal) {
      const pid = await running()
      const atMs = Date.now()
      process.kill(pid, signal)
      return { pid, atMs }
    },
    deaths: () => deaths,
    async stop() {
      end.abort()
      await kept
      if (current === undefined) return
      if (isAlive(current.pid)) process.kill(current.pid, 'SIGCONT')
      await current.stop()
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
