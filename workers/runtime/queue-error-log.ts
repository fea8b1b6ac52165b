import type { Logger } from 'pino'
import { throttled } from '../../src/observability/throttled.ts'

/** While its store is away each queue of a process fails several times a second, all for the same reason. */
const everyMs = 10_000
/** Errors that differ in more than their text are few; more kinds than these share one line. */
const maxKinds = 20
const maxQueuesNamed = 5

type OnQueueError = (queue: string, error: Error) => void

const known = new WeakMap<Logger, OnQueueError>()

/**
 * Logs errors of queue workers: of each kind the first at once, then one line per 10 s with how many there were and in
 * which queues. One for all queues that write to the same log.
 */
export function queueErrorLog(log: Logger): OnQueueError {
  const made = known.get(log) ?? openErrorLog(log)
  known.set(log, made)
  return made
}

function openErrorLog(log: Logger): OnQueueError {
  const kinds = new Map<string, { note: OnQueueError }>()
  return (queue, error) => {
    const code: unknown = Reflect.get(error, 'code')
    const own = `${error.name} ${String(code)}`
    const kind = kinds.has(own) || kinds.size < maxKinds ? own : 'other'
    const entry = kinds.get(kind) ?? { note: openKind(log) }
    kinds.set(kind, entry)
    entry.note(queue, error)
  }
}

function openKind(log: Logger): OnQueueError {
  let last: Error | undefined
  let queues = new Set<string>()
  const say = throttled(everyMs, count => {
    log.warn({ err: last, count, queues: [...queues].slice(0, maxQueuesNamed) }, 'queue worker')
    queues = new Set()
  })
  return (queue, error) => {
    last = error
    queues.add(queue)
    say()
  }
}
