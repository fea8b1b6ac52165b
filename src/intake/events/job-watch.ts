import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RunStatement } from '../../db/statement.ts'
import { findJobChanges, type JobView } from '../../ledger/job-changes.ts'
import { maxLogLines } from '../../ledger/job-log.ts'

const lookEveryMs = 250
const maxWatchers = 2_000

/** Follows jobs for all callers of this process together. */
export interface JobWatch {
  /** Whether one more may follow a job. */
  hasRoom(): boolean
  /**
   * Calls back, never at once, with the job as it is now and whenever it has changed or said something. A late comer is first told all
   * lines that the others have seen. Answers how to stop.
   */
  follow(id: string, onView: (view: JobView) => void): () => void
}

interface Followed {
  latest: JobView | undefined
  /** All lines seen, for late comers. */
  lines: JobView['lines']
  readonly watchers: Set<(view: JobView) => void>
}

/** One statement every {@link lookEveryMs} for all jobs that are followed, and none while nobody follows one. */
export function jobWatch(run: RunStatement, log: Logger): JobWatch {
  const followed = new Map<string, Followed>()
  let watchers = 0
  let isLooking = false

  async function look(): Promise<void> {
    // Who begins to follow while this is under way is told by the next look, from the beginning.
    const asked = new Map(followed)
    const seen = [...asked].map(([id, { latest, lines }]) => ({
      id,
      state: latest?.state ?? '',
      changeUs: latest?.changeUs ?? 0,
      lineUs: lines.at(-1)?.atUs ?? 0,
    }))
    for (const view of await findJobChanges(run, seen)) {
      const job = asked.get(view.id)
      if (!job) continue
      job.latest = view
      job.lines = [...job.lines, ...view.lines].slice(-maxLogLines)
      for (const tell of job.watchers) tell(view)
    }
  }

  async function lookAgainAndAgain(): Promise<void> {
    let failures = 0
    while (followed.size > 0) {
      const next = delay(lookEveryMs)
      try {
        await look()
        failures = 0
      } catch (error) {
        // Those who follow keep their streams: they are told when Postgres is back.
        if (failures++ === 0) log.warn({ err: error }, 'followed jobs cannot be looked at; it is tried again')
      }
      await next
    }
    isLooking = false
  }

  return {
    hasRoom: () => watchers < maxWatchers,
    follow(id, onView) {
      const job = followed.get(id) ?? { latest: undefined, lines: [], watchers: new Set() }
      followed.set(id, job)
      job.watchers.add(onView)
      watchers += 1
      queueMicrotask(() => {
        if (job.latest && job.watchers.has(onView)) onView({ ...job.latest, lines: job.lines })
      })
      if (!isLooking) {
        isLooking = true
        void lookAgainAndAgain()
      }
      return () => {
        if (!job.watchers.delete(onView)) return
        watchers -= 1
        if (job.watchers.size === 0 && followed.get(id) === job) followed.delete(id)
      }
    },
  }
}
