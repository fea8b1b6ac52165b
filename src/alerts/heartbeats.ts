import type { RunStatement } from '../db/statement.ts'
import { call } from './call-url.ts'

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

/**
 * Fetches the URL of each schedule that has completed a run since the last time, as healthchecks.io and its like expect:
 * they tell people when the next call does not come. A URL that does not answer is called again at the next look.
 */
export async function pingHeartbeats(
  run: RunStatement,
  urls: Readonly<Record<string, string>>,
  onFault: (schedule: string, error: unknown) => void,
): Promise<void> {
  const completed = await run<{ key: string; slot: Date }>(completedStatement, [Object.keys(urls)])
  await Promise.all(
    completed.map(async ({ key, slot }) => {
      const url = urls[key]
      if (url === undefined) return
      try {
        await call(url)
        await run(pingedStatement, [key, slot])
      } catch (error) {
        onFault(key, error)
      }
    }),
  )
}
