import type { Notification } from '../../src/db/notifications.ts'
import type { Refusal } from '../../src/domain/notifications/reasons.ts'

/** Why a notification is not worth sending any more, whatever it says. */
export function overtaken({
  cancelled_at,
  expires_at,
}: Pick<Notification, 'cancelled_at' | 'expires_at'>): Refusal | null {
  if (cancelled_at !== null) return 'cancelled'
  return expires_at !== null && expires_at.getTime() <= Date.now() ? 'expired' : null
}
