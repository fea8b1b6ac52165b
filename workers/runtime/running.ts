import type { RunStatement } from '../../src/db/statement.ts'
import { Cancelled } from './signals.ts'

/** The attempts under way in this process, so that cancel requests and the watchdog find them. */
export interface RunningJobs {
  /** Enters an attempt; `abort` is its signal. Answers how to leave. */
  enter(id: string, job: string, abort: (reason: Error) => void): () => void
  /** Attempts under way of one job type. */
  count(job: string): number
  /** When the last attempt of a job type began, in ms of `performance.now()`; undefined before the first. */
  lastStartMs(job: string): number | undefined
  /** Passes cancel requests on to the attempts they are meant for. */
  cancelRequested(run: RunStatement): Promise<void>
}

const cancelledStatement = {
  name: 'running-cancelled',
  text: `select id from hbnb_jobs.job_live where id = any($1::uuid[]) and cancel_requested`,
}

export function runningJobs(): RunningJobs {
  const entered = new Map<string, { job: string; abort: (reason: Error) => void }>()
  const counts = new Map<string, number>()
  const starts = new Map<string, number>()
  return {
    enter(id, job, abort) {
      const entry = { job, abort }
      entered.set(id, entry)
      counts.set(job, (counts.get(job) ?? 0) + 1)
      starts.set(job, performance.now())
      return () => {
        // A later run of the same job may have entered meanwhile.
        if (entered.get(id) === entry) entered.delete(id)
        counts.set(job, (counts.get(job) ?? 1) - 1)
      }
    },
    count: job => counts.get(job) ?? 0,
    lastStartMs: job => starts.get(job),
    async cancelRequested(run) {
      if (entered.size === 0) return
      const rows = await run<{ id: string }>(cancelledStatement, [[...entered.keys()]])
      for (const { id } of rows) entered.get(id)?.abort(new Cancelled('cancelled while it ran'))
    },
  }
}
