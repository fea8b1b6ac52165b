import applyMailEvents from '../../queues/email/apply-events.ts'
import applySmsReply from '../../queues/sms/apply-reply.ts'
import applySmsStatus from '../../queues/sms/apply-status.ts'
import processEvent from '../../queues/webhooks/process.ts'
import { type HbnbSource, sourceOf } from '../domain/events/hbnb-events.ts'
import { replyTypes } from '../domain/events/sms-reply.ts'
import { newJob, type NewJob } from '../ledger/new-job.ts'
import type { Reaction } from './inbox-store.ts'

/** Where events of the inbox come from. */
export const inboxSources = ['booking', 'payment', 'user', 'sendgrid', 'twilio', 'stripe'] as const

/** One of {@link inboxSources}. */
export type InboxSource = (typeof inboxSources)[number]

/** What decides about the job of an event. */
interface EventKind {
  readonly source: InboxSource
  readonly type: string
  readonly entity: string | null
}

/** An event of the inbox, by its id there. */
export interface StoredKind extends EventKind {
  readonly id: string
}

type Reacting = typeof processEvent | typeof applyMailEvents | typeof applySmsStatus | typeof applySmsReply

const ofPlatform = (source: HbnbSource) => (type: string) =>
  sourceOf(type) === source ? processEvent : `nothing reacts to ${type} from ${source}`

function ofTwilio(type: string): Reacting | string {
  if (type === replyTypes.stop || type === replyTypes.start) return applySmsReply
  return type === replyTypes.other ? 'it asks neither to stop nor to start' : applySmsStatus
}

/** What reacts to events of a source and type, or why nothing does: the doors and replays ask here alone. */
const reacting: Readonly<Record<InboxSource, (type: string) => Reacting | string>> = {
  booking: ofPlatform('booking'),
  payment: ofPlatform('payment'),
  user: ofPlatform('user'),
  sendgrid: () => applyMailEvents,
  twilio: ofTwilio,
  stripe: () => 'payments are not served yet',
}

/** What is done with an event of this kind. */
export function reactionTo({ source, type, entity }: EventKind): Reaction {
  const contract = reacting[source](type)
  if (typeof contract === 'string') return { ignoredBecause: contract }
  return { job: inboxId => newJob(contract, { inbox_id: inboxId }, { entity }) }
}

/** A new job that reacts to a stored event; undefined when nothing reacts to events of its kind. */
export function jobForEvent(event: StoredKind): NewJob | undefined {
  const reaction = reactionTo(event)
  return 'job' in reaction ? reaction.job(event.id) : undefined
}
