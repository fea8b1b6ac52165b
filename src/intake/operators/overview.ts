import type { RequestHandler } from 'express'
import { overviewPage, type StateCount } from '../pages/overview-page.ts'
import { jobStates, jobStateSql } from '../../ledger/status.ts'
import { sessionOf } from './guard.ts'
import type { OperatorDeps } from './routes.ts'

const recentHours = 24
/** Beyond this many ended jobs the page says "or more" instead of counting on. */
const maxCounted = 100_000
const maxStories = 12

/** Ids are UUIDv7: those of the last day are the ones above a bound, which the primary key finds without a scan. */
const lowestRecentId = `(lpad(to_hex(((extract(epoch from now()) - ${recentHours * 3_600}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`

const countsStatement = {
  name: 'overview-counts',
  text: `
    select state, count(*)::int as jobs from (
      select ${jobStateSql} as state from hbnb_jobs.job_live l cross join (select null::text as outcome) o
      union all
      (select outcome::text from hbnb_jobs.job_outcomes where id >= ${lowestRecentId} limit ${maxCounted})
    ) all_jobs group by state`,
}

const storiesStatement = {
  name: 'overview-stories',
  text: `
    select entity from (
      select entity, id from hbnb_jobs.jobs where entity is not null order by id desc limit 500
    ) recent group by entity order by max(id::text) desc limit ${maxStories}`,
}

/** How many jobs are in which state, the newest stories, and where else to look. */
export function showOverview({ config, run }: OperatorDeps): RequestHandler {
  return async (_req, res) => {
    const [counts, stories] = await Promise.all([
      run<StateCount>(countsStatement),
      run<{ entity: string }>(storiesStatement),
    ])
    const found = new Map(counts.map(({ state, jobs }) => [state, jobs]))
    res.send(
      overviewPage({
        counts: jobStates.map(state => ({ state, jobs: found.get(state) ?? 0 })),
        maxCounted,
        recentHours,
        stories: stories.map(({ entity }) => entity),
        outboxUrl: config.sandboxUrl === null ? null : `${config.sandboxUrl}/outbox`,
        visitor: sessionOf(res),
      }),
    )
  }
}
