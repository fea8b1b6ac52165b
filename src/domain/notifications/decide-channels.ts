import { type CategoryName, categories } from './categories.ts'
import { type Channel, channels } from './channel.ts'
import { type QuietHours, quietUntil } from './quiet-hours.ts'
import type { Deferral, Refusal } from './reasons.ts'

/** When nobody has said when they sleep, a message that is in no hurry takes this for granted. */
const usualNight: QuietHours = { from: '22:00', to: '08:00' }
/** How long a channel is waited for before the next one stands in for it. */
const fallbackAfterMs = 600_000
/** More in an hour is no news to anybody. */
const maxPerPersonPerHour = 20
const maxHeldRounds = 3
/** Of these one channel is enough, unless the sender has named some. */
const onOneChannel: ReadonlySet<CategoryName> = new Set(['message', 'reminder', 'review'])

/** What is known of a person's way to be told something; everything that speaks for or against a channel. */
export interface ChannelFacts {
  /** Whether there is an address that can be used. */
  readonly noWay: Readonly<Record<Channel, Refusal | null>>
  /** Whether an address must not be written to. */
  readonly suppressed: Readonly<Record<Channel, Refusal | null>>
  /** What the person has said about the category; null: nothing. */
  readonly chosen: Readonly<Record<Channel, boolean | null>>
  /** The person's switches, which hold for what they have not chosen. */
  readonly switchedOn: Readonly<Record<Channel, boolean>>
}

/** Everything the decision about a notification reads. */
export interface DecisionInput {
  readonly now: Date
  readonly category: CategoryName
  readonly urgency: 'low' | 'normal' | 'high'
  /** Those its sender has named; null: the sender left it to us. */
  readonly named: readonly Channel[] | null
  readonly expiresAt: Date | null
  readonly facts: ChannelFacts
  /** In `zone`; null: the person has none. */
  readonly quietHours: QuietHours | null
  /** IANA. */
  readonly zone: string
  /** What else was sent to the person within an hour. */
  readonly sentLastHour: number
  /** Until when the law keeps a channel shut. */
  readonly shutUntil: (channel: Channel, now: Date) => Date | null
}

/** What becomes of one channel. */
export type ChannelDecision = { readonly channel: Channel } & (
  | { readonly decision: 'send'; readonly reason: null; readonly until: null }
  | { readonly decision: 'suppress'; readonly reason: Refusal; readonly until: null }
  | { readonly decision: 'defer'; readonly reason: Deferral; readonly until: Date }
)

/** Which channels are used, and when. What is refused or put off says why. */
export function decideChannels(input: DecisionInput): ChannelDecision[] {
  const { category, named, now } = input
  const asked = channels.filter(channel => named === null || named.includes(channel))
  const isStandIn = named === null && onOneChannel.has(category)
  let first: Date | undefined
  let standIns = 0
  return asked.map(channel => {
    const refusal = refusalOf(channel, category, input.facts) ?? capOf(channel, input)
    if (refusal !== null) return suppressed(channel, refusal)
    if (isStandIn && first !== undefined) {
      standIns += 1
      const from = new Date(first.getTime() + standIns * fallbackAfterMs)
      return deferred(channel, 'fallback', heldUntil(channel, input, from)?.until ?? from, input)
    }
    const held = heldUntil(channel, input, now)
    first = held?.until ?? now
    return held === null
      ? { channel, decision: 'send', reason: null, until: null }
      : deferred(channel, held.reason, held.until, input)
  })
}

/** Why a channel must not be used, whenever it is asked; null when it may. */
export function refusalOf(channel: Channel, category: CategoryName, facts: ChannelFacts): Refusal | null {
  return facts.noWay[channel] ?? facts.suppressed[channel] ?? objection(channel, category, facts)
}

function objection(channel: Channel, category: CategoryName, { chosen, switchedOn }: ChannelFacts): Refusal | null {
  const { legal, isUrgent } = categories[category]
  if (isUrgent || chosen[channel] === true) return null
  if (chosen[channel] === false) return 'category-switched-off'
  if (legal === 'marketing') return 'not-opted-in'
  return switchedOn[channel] ? null : 'switched-off'
}

function capOf(channel: Channel, input: DecisionInput): Refusal | null {
  return input.sentLastHour >= maxPerPersonPerHour && disturbs(channel, input) ? 'person-cap' : null
}

/** A receipt waits silently in its box, and its reader may sit there looking for it. Of a break-in everybody wants to hear. */
function disturbs(channel: Channel, { category, urgency }: DecisionInput): boolean {
  const { isUrgent, legal } = categories[category]
  return !isUrgent && (channel !== 'email' || legal !== 'transactional' || urgency === 'low')
}

function heldUntil(
  channel: Channel,
  input: DecisionInput,
  now: Date,
): { readonly reason: Deferral; readonly until: Date } | null {
  const { urgency, quietHours, zone, shutUntil } = input
  const hours = quietHours ?? (urgency === 'low' ? usualNight : null)
  const isHeld = hours !== null && urgency !== 'high' && disturbs(channel, input)
  let held: { readonly reason: Deferral; readonly until: Date } | null = null
  // One may end within the other; where they leave no hour at all between them, the law has had its say.
  for (let round = 0; round < maxHeldRounds; round++) {
    const from: Date = held?.until ?? now
    const quiet = isHeld ? quietUntil(hours, zone, from) : null
    const shut = shutUntil(channel, quiet ?? from)
    if (shut !== null) held = { reason: 'marketing-hours', until: shut }
    else if (quiet !== null) held = { reason: 'quiet-hours', until: quiet }
    else break
  }
  return held
}

function suppressed(channel: Channel, reason: Refusal): ChannelDecision {
  return { channel, decision: 'suppress', reason, until: null }
}

/** Whoever comes after the end is not sent at all. */
function deferred(channel: Channel, reason: Deferral, until: Date, { expiresAt }: DecisionInput): ChannelDecision {
  if (expiresAt !== null && until >= expiresAt) return suppressed(channel, 'expired')
  return { channel, decision: 'defer', reason, until }
}
