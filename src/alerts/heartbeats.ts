import type { RunStatement } from '../db/statement.ts'
import { call, CallRefused } from './call-url.ts'

/** The newest completed run of each schedule that has not been told yet; a run in between that is older needs no ping. */
const completedStatement = {
  name: 'heartbeats-completed',
  text: `
    select k.key, newest.slot from unnest($1::text[]) as k(key)
    left join hbnb_jobs.heartbeats h on h.schedule_key = k.key
    cross join lateral (
      select r.slot from hbnb_jobs.schedule_runs r join hbnb_jobs.job_outcomes o on o.id = r.job_id
      where r.schedule_key = k.key and r.job_id is not null and o.outcome in ('completed', 'skipped')
      order by r.slot desc limit 1
    ) newest
    where h.pinged_slot is null or newest.slot > h.pinged_slot`,
}

const pingedStatement = {
  name: 'heartbeats-pinged',
  text: `
    insert into hbnb_jobs.heartbeats (schedule_key, pinged_slot) values ($1, $2)
    on conflict (schedule_key) do update set pinged_slot = $2, pinged_at = now()`,
}

/** After a refusal; doubled with every further one. */
const firstPauseMs = 30_000
const longestPauseMs = 3_600_000

/**
 * Fetches the URL of each schedule that has completed a run since the last time, as healthchecks.io and its like expect:
 * they tell people when the next call does not come. A URL that does not answer is called again at the next look; one
 * that refuses (4xx: the check was deleted, the address is wrong) ever more seldom.
 */
export function heartbeatsOf(
  run: RunStatement,
  urls: Readonly<Record<string, string>>,
  onFault: (schedule: string, error: unknown) => void,
): (signal: AbortSignal) => Promise<void> {
  const refused = new Map<string, { readonly pauseMs: number; readonly untilMs: number }>()

  async function ping(key: string, slot: Date, signal: AbortSignal): Promise<void> {
    const url = urls[key]
    const last = refused.get(key)
    if (url === undefined || (last && performance.now() < last.untilMs)) return
    try {
      await call(url, signal)
      refused.delete(key)
      await run(pingedStatement, [key, slot])
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof CallRefused) {
        const pauseMs = Math.min(longestPauseMs, last ? last.pauseMs * 2 : firstPauseMs)
        refused.set(key, { pauseMs, untilMs: performance.now() + pauseMs })
      }
      onFault(key, error)
    }
  }

  return async signal => {
    const completed = await run<{ key: string; slot: Date }>(completedStatement, [Object.keys(urls)])
    await Promise.all(completed.map(({ key, slot }) => ping(key, slot, signal)))
  }
}
