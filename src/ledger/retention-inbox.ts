import type { Knex } from 'knex'
import { dayMs, firstJobIdAt } from './partitions.ts'

const eventsPerBatch = 2_000
/** One pass deletes this long at most; the next goes on. */
const passBudgetMs = 10_000

/** By the time in the id. What a job is still to react to stays, however old it is. */
const oldEvents = `
  delete from hbnb_jobs.webhook_inbox where id = any(array(
    select e.id from hbnb_jobs.webhook_inbox e
    where e.id < :before::uuid and not exists (select from hbnb_jobs.job_live l where l.id = e.job_id)
    order by e.id limit ${eventsPerBatch} for update of e skip locked))`

/**
 * Deletes what the webhooks brought longer than `keptDays` ago and no open job is about. What was reacted to stays known
 * (`hbnb_jobs.reactions`), so that a late repeat does nothing. Several may do it at once. Answers what went and whether there may be more.
 */
export async function purgeInbox(
  knex: Knex,
  keptDays: number,
  now = new Date(),
): Promise<{ readonly purgedEvents: number; readonly isMore: boolean }> {
  const deadline = performance.now() + passBudgetMs
  const before = firstJobIdAt(now.getTime() - keptDays * dayMs)
  let purgedEvents = 0
  for (;;) {
    const { rowCount } = await knex.raw<{ rowCount: number }>(oldEvents, { before })
    purgedEvents += rowCount
    if (rowCount < eventsPerBatch) return { purgedEvents, isMore: false }
    if (performance.now() > deadline) return { purgedEvents, isMore: true }
  }
}
