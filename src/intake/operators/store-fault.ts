import { setTimeout as delay } from 'node:timers/promises'
import type { QueueBackend } from '../../queue/backend.ts'

const patienceMs = 1_500
const tryEveryMs = 100

/** Undefined when the queue store answers; else why not. Waits a little, as a connection may just be opening. */
export async function storeFault(backend: QueueBackend): Promise<string | undefined> {
  const deadlineMs = performance.now() + patienceMs
  const giveUp = new AbortController()
  const late = delay(patienceMs, `no answer within ${patienceMs} ms`, { signal: giveUp.signal }).catch(() => undefined)
  const tries = async (): Promise<string | undefined> => {
    for (;;) {
      try {
        await backend.check()
        return undefined
      } catch (error) {
        if (performance.now() > deadlineMs) return error instanceof Error ? error.message : 'unknown fault'
      }
      await delay(tryEveryMs)
    }
  }
  try {
    return await Promise.race([tries(), late])
  } finally {
    giveUp.abort()
  }
}
