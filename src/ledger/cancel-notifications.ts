import type { Knex } from 'knex'
import { statementsIn } from '../db/statement.ts'
import type { CategoryName } from '../domain/notifications/categories.ts'
import { categoryOf } from '../domain/notifications/category-of.ts'
import { cancelJob } from './cancel.ts'

/** Which notifications are taken back. */
export interface TakenBack {
  /** What they are about: `booking:42`. */
  readonly entity: string
  /** Left out: whosever they are. */
  readonly tenant?: string | undefined
  /** Left out: of all categories. */
  readonly category?: CategoryName | undefined
  /** Shown to whoever may see them, so it names no person. */
  readonly reason: string
}

interface OpenNotification {
  readonly id: string
  readonly job_ids: readonly string[]
  /** It waits for its digest, and no job of its own is open. */
  readonly isGathered: boolean
}

const openStatement = {
  name: 'notifications-open',
  text: `
    select n.id, array_remove(array_agg(l.id order by l.id), null) as job_ids, bool_or(g.id is not null) as "isGathered"
    from hbnb_jobs.notifications n
    cross join lateral (
      select n.id union all select d.job_id from hbnb_jobs.deliveries d where d.notification_id = n.id
    ) as made (id)
    left join hbnb_jobs.job_live l on l.id = made.id
    left join hbnb_jobs.digests g on g.id = n.digest_id and g.closed_at is null
    where (l.id is not null or g.id is not null) and n.entity = $1 and ($2::text is null or n.tenant = $2) and ($3::text is null or n.category = $3)
      and n.cancelled_at is null
    group by n.id order by n.id`,
}

/** Of these nothing is kept yet but the job; what somebody has tagged as such is of the category too. */
const undecidedStatement = {
  name: 'notifications-undecided',
  text: `
    select j.id, array[j.id] as job_ids, false as "isGathered" from hbnb_jobs.jobs j join hbnb_jobs.job_live l on l.id = j.id
    where j.entity = $1 and j.name = 'notifications.send' and ($2::text is null or j.tenant = $2)
      and ($3::text is null or j.tags @> array[$3] or j.payload ->> 'template' = any($4::text[]))
      and not exists (select from hbnb_jobs.notifications n where n.id = j.id)
    order by j.id`,
}

/**
 * Takes back what has not been sent yet; what is being sent at this moment looks for itself. Answers how many notifications
 * that were. Their jobs are locked before they are, as those who decide them do.
 */
export async function cancelNotifications(
  tx: Knex.Transaction,
  { entity, tenant, category, reason }: TakenBack,
): Promise<number> {
  const run = statementsIn(tx)
  const asked = [entity, tenant ?? null, category ?? null]
  const kept = await run<OpenNotification>(openStatement, asked)
  const undecided = await run<OpenNotification>(undecidedStatement, [...asked, templatesOf(category)])
  let cancelled = 0
  for (const { job_ids, isGathered } of [...kept, ...undecided]) {
    let isTakenBack = isGathered
    for (const id of job_ids) isTakenBack = isOpen(await cancelJob(run, id, { reason })) || isTakenBack
    if (isTakenBack) cancelled += 1
  }
  const ids = kept.map(({ id }) => id)
  await tx('hbnb_jobs.notifications')
    .whereIn('id', ids)
    .whereNull('cancelled_at')
    .update({ cancelled_at: tx.fn.now(), cancelled_reason: reason })
  return cancelled
}

function isOpen(answer: Awaited<ReturnType<typeof cancelJob>>): boolean {
  return answer === 'cancelled' || answer === 'cancel-requested'
}

function templatesOf(category: CategoryName | undefined): string[] {
  return Object.entries(categoryOf).flatMap(([template, its]) => (its === category ? [template] : []))
}
