import type { Notification } from '../db/notifications.ts'
import type { RunStatement } from '../db/statement.ts'
import type { Channel } from '../domain/notifications/channel.ts'
import { type DeliveryState, type KeptDelivery, standingOf } from '../domain/notifications/delivery-state.ts'
import { type Refusal, refusals } from '../domain/notifications/reasons.ts'
import { jobStateSql } from './status.ts'

/** How it stands with a notification: `open` while a channel may still be used. */
export const notificationStates = ['undecided', 'open', 'sent', 'not-sent', 'unknown', 'failed', 'cancelled'] as const

/** One of {@link notificationStates}. */
export type NotificationState = (typeof notificationStates)[number]

/** How it stands with one of its channels. */
export interface StandingDelivery {
  readonly channel: Channel
  readonly state: DeliveryState
  /** Null while nobody knows. */
  readonly isSent: boolean | null
  readonly reason: string | null
  readonly until: Date | null
  readonly jobId: string | null
  readonly providerStatus: string | null
}

/** A notification and all its channels. */
export interface NotificationStanding {
  readonly state: NotificationState
  readonly reason: string | null
  readonly deliveries: readonly StandingDelivery[]
}

interface Row extends KeptDelivery {
  readonly channel: Channel
  readonly until: Date | null
  readonly jobId: string | null
}

const deliveriesStatement = {
  name: 'notification-deliveries',
  text: `
    select d.channel, d.decision, d.reason, d.until, d.job_id as "jobId", d.provider_status as "providerStatus",
      case when l.id is not null or o.id is not null then ${jobStateSql} end as "jobState", o.reason as "jobReason",
      -- Of what a job sends for many deliveries, each has its own effects: their keys begin with it.
      array(select e.state::text from hbnb_jobs.effects e
        where e.job_id = d.job_id and (starts_with(e.key, d.id::text) or not exists (
          select from hbnb_jobs.deliveries other where other.job_id = d.job_id and other.id <> d.id))) as effects
    from hbnb_jobs.deliveries d
    left join hbnb_jobs.job_live l on l.id = d.job_id
    left join hbnb_jobs.job_outcomes o on o.id = d.job_id
    where d.notification_id = $1
    order by array_position(array['push', 'email', 'sms'], d.channel)`,
}

const deciderStatement = {
  name: 'notification-decider',
  text: 'select outcome::text, reason from hbnb_jobs.job_outcomes where id = $1',
}

const digestStatement = {
  name: 'notification-digest',
  text: 'select closed_at from hbnb_jobs.digests where id = $1',
}

/** What is read of a notification to say how it stands with it. */
type Kept = Pick<Notification, 'id' | 'cancelled_at' | 'read_at' | 'digest_id'>

/** How it stands with a notification. */
export async function notificationStanding(run: RunStatement, notification: Kept): Promise<NotificationStanding> {
  const { digest_id, cancelled_at } = notification
  if (digest_id === null || cancelled_at !== null) return await ownStanding(run, notification)
  return await gatheredStanding(run, notification, digest_id)
}

/** What is told with others stands as its digest does, which has left out what was read by then. */
async function gatheredStanding(run: RunStatement, { read_at }: Kept, digestId: string): Promise<NotificationStanding> {
  const [digest] = await run<{ closed_at: Date | null }>(digestStatement, [digestId])
  const closedAt = digest?.closed_at ?? null
  if (closedAt === null) return { state: 'undecided', reason: 'gathered', deliveries: [] }
  if (read_at !== null && read_at <= closedAt) return { state: 'not-sent', reason: 'read-already', deliveries: [] }
  return await ownStanding(run, { id: digestId, cancelled_at: null })
}

async function ownStanding(
  run: RunStatement,
  { id, cancelled_at }: Pick<Kept, 'id' | 'cancelled_at'>,
): Promise<NotificationStanding> {
  const rows = await run<Row>(deliveriesStatement, [id])
  const deliveries = rows.map(row => {
    const { channel, until, jobId, providerStatus } = row
    return { channel, ...standingOf(row), until, jobId, providerStatus }
  })
  if (cancelled_at !== null) return { state: 'cancelled', reason: 'cancelled', deliveries }
  if (deliveries.length > 0) return { state: stateOf(deliveries), reason: null, deliveries }
  const [decider] = await run<{ outcome: string; reason: string | null }>(deciderStatement, [id])
  return { ...undecided(decider), deliveries }
}

const inOrder: readonly (readonly [NotificationState, readonly DeliveryState[]])[] = [
  ['open', ['waiting', 'deferred']],
  ['sent', ['sent', 'delivered']],
  ['unknown', ['unknown']],
  ['failed', ['failed']],
]

function stateOf(deliveries: readonly StandingDelivery[]): NotificationState {
  const found = inOrder.find(([, states]) => deliveries.some(({ state }) => states.includes(state)))
  return found?.[0] ?? 'not-sent'
}

/** Its job decides; one that has ended and decided nothing had a reason. */
function undecided(decider: { readonly outcome: string; readonly reason: string | null } | undefined): {
  readonly state: NotificationState
  readonly reason: Refusal | null
} {
  if (decider === undefined || decider.outcome === 'completed') return { state: 'undecided', reason: null }
  if (decider.outcome === 'cancelled') return { state: 'cancelled', reason: 'cancelled' }
  if (decider.outcome !== 'skipped') return { state: 'failed', reason: null }
  return { state: 'not-sent', reason: refusals.find(refusal => refusal === decider.reason) ?? 'moot' }
}
