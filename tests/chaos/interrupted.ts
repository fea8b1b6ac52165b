import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'

const lookEveryMs = 5
const busyWithinMs = 5_000

interface Interrupted {
  readonly id: string
  readonly token: number
  readonly atMs: number
}

/** Follows jobs whose process died under them until they start again. */
export interface Interruptions {
  /** Notes what a process that no longer moves was running. Answers how many. */
  note(pid: number, atMs: number): Promise<number>
  /**
   * Time from each interruption to the job's next start, ms; unfinished business is not in it. A job whose copy a second
   * process took to its death, before it could start it, was interrupted by that death too: it counts from there.
   */
  restartsMs(): Promise<number[]>
}

/** Waits, for a while, until a process runs a job: an idle one has nothing to lose. */
export async function untilBusy(knex: Knex, pid: number): Promise<void> {
  const deadline = performance.now() + busyWithinMs
  while (performance.now() < deadline) {
    if ((await runningOf(knex, pid)).length > 0) return
    await delay(lookEveryMs)
  }
}

async function runningOf(knex: Knex, pid: number): Promise<{ id: string; token: number }[]> {
  return await knex('hbnb_jobs.job_live as l')
    .join('hbnb_jobs.processes as p', 'p.id', 'l.owner')
    .where({ 'p.pid': pid, 'l.state': 'running' })
    .select<{ id: string; token: number }[]>('l.id', 'l.token')
}

/** A living process claims what it has fetched sooner than this. */
const claimedWithinMs = 1_500

export function interruptionsIn(knex: Knex, fetchedCopies: () => Promise<ReadonlySet<string>>): Interruptions {
  const noted: Interrupted[] = []
  const taken = new Map<string, number[]>()
  const looks: Promise<void>[] = []

  /** Jobs that wait for their start although a process has fetched them. */
  async function fetchedOnly(): Promise<string[]> {
    const fetched = [...(await fetchedCopies())]
    return await knex('hbnb_jobs.job_live').whereIn('id', fetched).andWhere({ state: 'queued' }).pluck<string[]>('id')
  }
  async function noteTaken(atMs: number): Promise<void> {
    const before = await fetchedOnly()
    await delay(claimedWithinMs)
    const still = new Set(await fetchedOnly())
    for (const id of before.filter(one => still.has(one))) taken.set(id, [...(taken.get(id) ?? []), atMs])
  }
  return {
    async note(pid, atMs) {
      const rows = await runningOf(knex, pid)
      noted.push(...rows.map(row => ({ ...row, atMs })))
      looks.push(noteTaken(atMs).catch(() => {}))
      return rows.length
    },
    async restartsMs() {
      if (noted.length === 0) return []
      await Promise.all(looks)
      const starts = await startsOf(knex, [...new Set(noted.map(({ id }) => id))])
      return noted.flatMap(({ id, atMs }) => {
        const next = (starts.get(id) ?? []).filter(startedMs => startedMs > atMs)
        if (next.length === 0) return []
        const startedMs = Math.min(...next)
        const deaths = (taken.get(id) ?? []).filter(deathMs => deathMs > atMs && deathMs < startedMs)
        return [startedMs - Math.max(atMs, ...deaths)]
      })
    },
  }
}

async function startsOf(knex: Knex, ids: readonly string[]): Promise<Map<string, number[]>> {
  const { rows } = await knex.raw<{ rows: { id: string; started_at: Date }[] }>(
    `select job_id as id, started_at from hbnb_jobs.job_attempts where job_id = any(:ids) and started_at is not null
     union all select id, started_at from hbnb_jobs.job_outcomes where id = any(:ids) and started_at is not null
     union all select id, started_at from hbnb_jobs.job_live where id = any(:ids) and started_at is not null`,
    { ids: [...ids] },
  )
  const starts = new Map<string, number[]>()
  for (const { id, started_at } of rows) starts.set(id, [...(starts.get(id) ?? []), started_at.getTime()])
  return starts
}

/** Jobs that waited inside the queue when its store, or ours, went away. */
export interface Outages {
  readonly begin: () => Promise<{ readonly inside: number; readonly backAt: (atMs: number) => void }>
  /** The longest time from a store's return until jobs that had waited ran again, ms. Null without outages. */
  readonly longestResumeMs: () => Promise<number | null>
}

/** So many starts make "running again": a single one may have been under way when the store went. */
const startsSeen = 10

export function outagesIn(knex: Knex): Outages {
  const noted: { ids: string[]; backMs: number }[] = []
  return {
    async begin() {
      const ids = await knex('hbnb_jobs.job_live').where({ state: 'queued' }).pluck<string[]>('id')
      return { inside: ids.length, backAt: backMs => void noted.push({ ids, backMs }) }
    },
    async longestResumeMs() {
      const gaps: number[] = []
      for (const { ids, backMs } of noted) {
        const starts = [...(await startsOf(knex, ids)).values()]
          .flatMap(startedMs => Math.min(...startedMs.filter(one => one > backMs)))
          .filter(Number.isFinite)
          .toSorted((a, b) => a - b)
        const last = starts[Math.min(startsSeen, starts.length) - 1]
        if (last !== undefined) gaps.push(last - backMs)
      }
      return gaps.length > 0 ? Math.max(...gaps) : null
    },
  }
}

/** The value that `share` of the list stays below or equals; null for an empty list. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? null
}
