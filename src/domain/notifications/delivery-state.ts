import { type Refusal, refusals } from './reasons.ts'

/** How it stands with one channel of a notification. */
export const deliveryStates = [
  'suppressed',
  'deferred',
  'waiting',
  'sent',
  'delivered',
  'failed',
  'unknown',
  'skipped',
  'cancelled',
] as const

/** One of {@link deliveryStates}. */
export type DeliveryState = (typeof deliveryStates)[number]

/** What providers say of what they took and could not deliver: SendGrid's events and Twilio's statuses. */
export const failedStatuses: ReadonlySet<string> = new Set([
  'bounce',
  'blocked',
  'dropped',
  'undelivered',
  'failed',
  'canceled',
])

const deliveredStatuses: ReadonlySet<string> = new Set(['delivered', 'open', 'click', 'spamreport'])

/** What is kept of a delivery, by those who keep it. */
export interface KeptDelivery {
  readonly decision: 'send' | 'defer' | 'suppress'
  readonly reason: string | null
  /** Of its job; null for none, or one older than the ledger keeps. */
  readonly jobState: string | null
  /** Why its job was skipped or cancelled. */
  readonly jobReason: string | null
  readonly effects: readonly string[]
  readonly providerStatus: string | null
}

/** How it stands, and whether it was sent: null while nobody knows. */
export interface DeliveryStanding {
  readonly state: DeliveryState
  readonly isSent: boolean | null
  readonly reason: string | null
}

const ended: Readonly<Record<string, DeliveryState>> = {
  skipped: 'skipped',
  cancelled: 'cancelled',
  failed: 'failed',
  quarantined: 'failed',
}

/** The one place where the state of a delivery is derived. What a provider has taken is sent, whatever its job says. */
export function standingOf(kept: KeptDelivery): DeliveryStanding {
  const { decision, jobState, jobReason, effects, providerStatus } = kept
  if (decision === 'suppress') return { state: 'suppressed', isSent: false, reason: kept.reason }
  if (effects.includes('accepted')) return takenStanding(providerStatus ?? '')
  if (effects.includes('unknown')) return { state: 'unknown', isSent: null, reason: null }
  const end = ended[jobState ?? '']
  if (end === 'skipped') return { state: end, isSent: false, reason: refusalIn(jobReason) }
  if (end !== undefined) return { state: end, isSent: false, reason: end === 'cancelled' ? 'cancelled' : null }
  if (jobState === 'completed') return { state: 'failed', isSent: false, reason: null }
  if (jobState === null) return { state: 'unknown', isSent: null, reason: null }
  if (decision === 'defer' && jobState === 'scheduled') return { state: 'deferred', isSent: null, reason: kept.reason }
  return { state: 'waiting', isSent: null, reason: null }
}

function takenStanding(status: string): DeliveryStanding {
  if (failedStatuses.has(status)) return { state: 'failed', isSent: false, reason: null }
  return { state: deliveredStatuses.has(status) ? 'delivered' : 'sent', isSent: true, reason: null }
}

/** Jobs tell in words how their booking or payment has changed; for a delivery they are all one. */
function refusalIn(jobReason: string | null): Refusal {
  return refusals.find(refusal => refusal === jobReason) ?? 'moot'
}
