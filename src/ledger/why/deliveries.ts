import type { RunStatement } from '../../db/statement.ts'

/** What was decided about one channel of a notification. */
export interface DeliveryFacts {
  readonly notification_id: string
  /** Its template; or its category, when somebody else has written it. */
  readonly about: string
  readonly entity: string | null
  readonly created_at: Date
  readonly channel: 'email' | 'sms' | 'push'
  readonly decision: 'send' | 'defer' | 'suppress'
  readonly reason: string | null
  readonly until: Date | null
  readonly job_id: string | null
}

const mostNotifications = 5

const columns = `
  n.id as notification_id, coalesce(n.template, n.category) as about, n.entity, n.created_at, d.channel, d.decision, d.reason, d.until,
  d.job_id`
const order = `order by n.created_at desc, n.id, array_position(array['email', 'sms', 'push'], d.channel)`

const byIdStatement = {
  name: 'why-deliveries',
  text: `
    select ${columns} from hbnb_jobs.notifications n join hbnb_jobs.deliveries d on d.notification_id = n.id
    where n.id = $1 or n.id = (select notification_id from hbnb_jobs.deliveries where id = $1 and decision = 'suppress') ${order}`,
}

/** The decisions of a notification, by its id or by that of a delivery that was suppressed. */
export async function deliveriesOf(run: RunStatement, id: string): Promise<DeliveryFacts[]> {
  return await run<DeliveryFacts>(byIdStatement, [id])
}

const byPersonStatement = {
  name: 'why-deliveries-of-person',
  text: `
    select ${columns} from (
      select * from hbnb_jobs.notifications where user_id = $1 order by created_at desc limit ${mostNotifications}
    ) n join hbnb_jobs.deliveries d on d.notification_id = n.id ${order}`,
}

/** The decisions of the newest notifications to one person. */
export async function deliveriesTo(run: RunStatement, userId: string): Promise<DeliveryFacts[]> {
  return await run<DeliveryFacts>(byPersonStatement, [userId])
}

const undecidedStatement = {
  name: 'why-undecided',
  text: `
    select j.id from hbnb_jobs.jobs j
    where j.name = 'notifications.send' and j.payload @> jsonb_build_object('user_id', $1::text)
      and j.id >= $2::uuid and not exists (select from hbnb_jobs.notifications n where n.id = j.id)
    union all
    select n.id from hbnb_jobs.notifications n
    where n.user_id = $1 and n.id >= $2::uuid
      and not exists (select from hbnb_jobs.deliveries d where d.notification_id = n.id)
    order by id desc limit ${mostNotifications}`,
}

/** Jobs that were to tell this person something, since an id, and have decided nothing. */
export async function undecidedFor(run: RunStatement, userId: string, sinceId: string): Promise<string[]> {
  return (await run<{ id: string }>(undecidedStatement, [userId, sinceId])).map(({ id }) => id)
}
