import type { MailEvent } from '../mail-event.ts'

/** What an event says about writing to its address again. */
export interface MailRefusal {
  /** Null: it may be written to again. */
  readonly reason: 'bounced' | 'spam-report' | 'unsubscribed' | 'invalid' | null
  /** Whether it holds for what the mail was about, or for everything. */
  readonly about: 'category' | 'everything'
}

/** What an event means for the next mail to its address; null when nothing. */
export function mailRefusal(event: MailEvent): MailRefusal | null {
  switch (event.event) {
    case 'bounce':
      return isHardBounce(event) ? { reason: 'bounced', about: 'everything' } : null
    case 'dropped':
      return event.dropped_because === undefined ? null : { reason: event.dropped_because, about: 'everything' }
    case 'spamreport':
      return { reason: 'spam-report', about: 'everything' }
    case 'unsubscribe':
      return { reason: 'unsubscribed', about: 'everything' }
    case 'group_unsubscribe':
      return { reason: 'unsubscribed', about: 'category' }
    case 'group_resubscribe':
      return { reason: null, about: 'category' }
    default:
      return null
  }
}

/**
 * Whether there is no such mailbox. A `blocked` one refuses this mail or this sender now (full, busy, suspicious) and may
 * take the next; where the type is missing, the class of the status tells (RFC 3463, 2: 4 passes, 5 stays).
 */
function isHardBounce({ type, status }: MailEvent): boolean {
  if (type === undefined) return status?.startsWith('5') === true
  return type === 'bounce' && status?.startsWith('4') !== true
}
