import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RunStatement } from '../db/statement.ts'
import { type RegisteredProcess, registerProcess } from '../ledger/processes.ts'

const retryMs = 3_000

/** This process's place in the registry; while Postgres is away it is joined later, and leaving needs no goodbye. */
export function joinProcesses(run: RunStatement, log: Logger): { drain(): Promise<void>; leave(): Promise<void> } {
  const stop = new AbortController()
  const joined = join(run, log, stop.signal)
  return {
    async drain() {
      stop.abort()
      await (await joined)?.drain()
    },
    async leave() {
      stop.abort()
      await (await joined)?.end()
    },
  }
}

async function join(run: RunStatement, log: Logger, stop: AbortSignal): Promise<RegisteredProcess | undefined> {
  while (!stop.aborted) {
    try {
      return await registerProcess(run, 'intake', {
        onMissed: error => log.warn({ err: error }, 'heartbeat missed'),
      })
    } catch (error) {
      log.warn({ err: error }, 'not in the registry of processes yet; it is tried again')
      await delay(retryMs, undefined, { signal: stop }).catch(() => undefined)
    }
  }
  return undefined
}
