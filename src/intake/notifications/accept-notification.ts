import type { Knex } from 'knex'
import decide from '../../../queues/notifications/decide.ts'
import { findByDedupeKey, insertOnce, type NewNotification } from '../../db/notifications.ts'
import { statementsIn } from '../../db/statement.ts'
import { acceptEach, type KeyedRequest, type Repeated } from '../../ledger/accept-once.ts'
import { newJob } from '../../ledger/new-job.ts'

/** A notification that somebody asks for. */
export type AskedNotification = NewNotification & {
  readonly tenant: string
  readonly user_id: string | null
  readonly to_email: string | null
  readonly to_phone: string | null
  readonly urgency: 'low' | 'normal' | 'high'
  readonly expires_at: Date | null
  readonly dedupe_key: string | null
}

/** `deduplicated`: its reader is told already, by the notification of this id. */
export type AcceptedNotification = Repeated | { readonly status: 'accepted' | 'deduplicated'; readonly id: string }

const priorityOf = { low: 8, normal: 5, high: 2 } as const

/** Keeps a notification and the job that decides it, under one id and in one transaction. Resolves after the commit. */
export async function acceptNotification(
  knex: Knex,
  notification: AskedNotification,
  keyed: KeyedRequest | null,
): Promise<AcceptedNotification> {
  const { id, tenant, entity, urgency, expires_at } = notification
  const job = newJob(
    decide,
    { notification_id: id },
    { id, tenant, entity, priority: priorityOf[urgency], expiresAt: expires_at },
  )
  const once = keyed && { ...keyed, answer: { id } }
  try {
    return await knex.transaction(async tx => {
      const [done] = await acceptEach(statementsIn(tx), [{ job, once }])
      if (done?.status === 'replayed' || done?.status === 'reused' || done?.status === 'in-flight') return done
      if (!(await insertOnce(tx, notification))) throw new ToldBefore()
      return { status: 'accepted', id }
    })
  } catch (error) {
    if (!(error instanceof ToldBefore)) throw error
  }
  const before = await findByDedupeKey(knex, { ...notification, dedupe_key: notification.dedupe_key ?? '' })
  return before === undefined ? { status: 'in-flight' } : { status: 'deduplicated', id: before }
}

/** Takes back the job and the key: there is a notification under this dedupe key. */
class ToldBefore extends Error {}
