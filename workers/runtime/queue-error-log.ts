import type { Logger } from 'pino'
import { throttled } from '../../src/observability/throttled.ts'

/** While its store is away a worker fails several times a second, and each queue of the process with it. */
const everyMs = 10_000
/** Errors that differ in more than their text are few; more kinds than these share one line. */
const maxKinds = 20

/** Logs errors of a queue's worker: of each kind the first at once, then one line per 10 s with how many there were. */
export function queueErrorLog(job: string, log: Logger, periodMs: number = everyMs): (error: Error) => void {
  const kinds = new Map<string, { say: () => void; last: Error }>()
  return error => {
    const code: unknown = Reflect.get(error, 'code')
    const kind = kinds.size < maxKinds ? `${error.name} ${String(code)}` : 'other'
    const known = kinds.get(kind)
    if (known) {
      known.last = error
      return known.say()
    }
    const entry = { last: error, say: () => {} }
    entry.say = throttled(periodMs, count => log.warn({ job, err: entry.last, count }, 'queue worker'))
    kinds.set(kind, entry)
    entry.say()
  }
}
