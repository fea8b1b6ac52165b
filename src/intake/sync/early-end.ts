import { keepSync, leaseMs, type SyncHold } from '../../mirror/sync/syncs.ts'
import { problemOf } from '../http/answer-errors.ts'
import { Problem } from '../http/problem.ts'
import type { Intake } from '../intake.ts'

const keepEveryMs = leaseMs / 3
/** The server cuts requests at 300 s: better to say how far it is, and let the caller go on. */
const longestMs = 270_000

/** What may end a sync before its lines do. The first reason stands. */
export interface EarlyEnd {
  /** Fires when no more lines are to be read. */
  readonly signal: AbortSignal
  readonly why: () => Problem | undefined
  /** Ends it for this reason; what is no problem is our fault, and logged. */
  readonly stop: (reason: unknown) => void
  /** Ends the watch. */
  readonly close: () => void
}

/** Watches over one sync: that we still hold it while its caller takes its time, that it does not last, that we do. */
export function earlyEnd({ run, log, stopping }: Pick<Intake, 'run' | 'log' | 'stopping'>, hold: SyncHold): EarlyEnd {
  const over = new AbortController()
  let why: Problem | undefined
  function stop(reason: unknown): void {
    const problem = problemOf(reason)
    if (problem.code === 'internal-error') log.error({ err: reason, sync: hold.name }, 'a sync broke off')
    why ??= problem
    over.abort()
  }
  async function keep(): Promise<void> {
    // A database that is away is met by the next batch.
    const isKept = await keepSync(run, hold).catch(() => true)
    if (!isKept) stop(new Problem('sync-running', { detail: 'somebody else has taken it up by now' }))
  }
  const stopWithUs = () => stop(interrupted('this process is about to end'))
  const kept = setInterval(() => void keep(), keepEveryMs)
  const timer = setTimeout(() => stop(interrupted(`it has lasted ${longestMs / 1_000} s`)), longestMs)
  stopping.addEventListener('abort', stopWithUs)
  if (stopping.aborted) stopWithUs()
  return {
    signal: over.signal,
    why: () => why,
    stop,
    close() {
      clearInterval(kept)
      clearTimeout(timer)
      stopping.removeEventListener('abort', stopWithUs)
    },
  }
}

function interrupted(detail: string): Problem {
  return new Problem('sync-interrupted', { detail: `${detail}: send the same again` })
}
