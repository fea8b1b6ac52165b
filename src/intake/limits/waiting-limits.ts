import type { RunStatement } from '../../db/statement.ts'
import { measureWaiting, type Waiting } from '../../ledger/waiting.ts'
import { Problem } from '../http/problem.ts'

/** How much may wait in one queue before further jobs are refused. */
export interface WaitingLimits {
  readonly maxJobs: number
  readonly maxAgeMs: number
  readonly maxBytes: number
}

/** Says no when a queue is full. */
export interface WaitingRoom {
  /** Throws too-many-waiting. */
  expectRoom(queue: string): void
  /** Counts what was accepted since the last look. */
  added(queue: string, accepted: { readonly payloadBytes: number; readonly isDue: boolean }): void
}

interface Added {
  readonly jobs: number
  readonly bytes: number
}

const lookEveryMs = 1_000
/** A look at a million rows takes long: it may cost this share of one core, and comes the more seldom. */
const shareOfTime = 0.05
const retryAfterSeconds = 10

/**
 * One look per process and second at most, none while nobody asks; in between it counts what it lets in itself. The first
 * second after a start, and any time Postgres is away, everybody is let in: the insert will tell.
 */
export function waitingRoom(run: RunStatement, limits: WaitingLimits): WaitingRoom {
  const queues = new Map<string, Waiting>()
  /** What was let in since the last look, and before it but after the one before that: a look that is under way may miss it. */
  let added = new Map<string, Added>()
  let addedBefore = new Map<string, Added>()
  let nextLookMs = 0

  async function look(): Promise<void> {
    const startedMs = performance.now()
    nextLookMs = Number.POSITIVE_INFINITY
    addedBefore = added
    added = new Map()
    try {
      const measured = await measureWaiting(run)
      queues.clear()
      for (const waiting of measured) queues.set(waiting.name, waiting)
    } catch {
      // What was known is still the best guess.
      for (const [name, { jobs, bytes }] of addedBefore) note(name, jobs, bytes)
    }
    addedBefore = new Map()
    const endedMs = performance.now()
    nextLookMs = endedMs + Math.max(lookEveryMs, (endedMs - startedMs) / shareOfTime)
  }

  function note(name: string, jobs: number, bytes: number): void {
    const sum = added.get(name) ?? { jobs: 0, bytes: 0 }
    added.set(name, { jobs: sum.jobs + jobs, bytes: sum.bytes + bytes })
  }

  return {
    expectRoom(queue) {
      if (performance.now() >= nextLookMs) void look()
      const measured = queues.get(queue)
      const [since, before] = [added.get(queue), addedBefore.get(queue)]
      const jobs = (measured?.due ?? 0) + (before?.jobs ?? 0) + (since?.jobs ?? 0)
      const bytes = (measured?.bytes ?? 0) + (before?.bytes ?? 0) + (since?.bytes ?? 0)
      if (jobs >= limits.maxJobs) throw refusal(queue, 'depth', limits.maxJobs)
      if (bytes >= limits.maxBytes) throw refusal(queue, 'bytes', limits.maxBytes)
      if ((measured?.oldestDueMs ?? 0) >= limits.maxAgeMs) throw refusal(queue, 'age', limits.maxAgeMs)
    },
    added(queue, { payloadBytes, isDue }) {
      note(queue, isDue ? 1 : 0, payloadBytes)
    },
  }
}

const meanings = { depth: 'jobs due', bytes: 'payload bytes waiting', age: 'ms waited by the oldest' } as const

function refusal(queue: string, rule: keyof typeof meanings, limit: number): Problem {
  return new Problem(
    'too-many-waiting',
    { detail: `${queue} has ${limit} ${meanings[rule]} or more; nothing was taken`, queue, rule, limit },
    { 'retry-after': String(retryAfterSeconds) },
  )
}
