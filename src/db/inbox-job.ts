import applyMailEvents from '../../queues/email/apply-events.ts'
import applySmsStatus from '../../queues/sms/apply-status.ts'
import processEvent from '../../queues/webhooks/process.ts'
import { type HbnbSource, sourceOf } from '../domain/events/hbnb-events.ts'
import { newJob, type NewJob } from '../ledger/new-job.ts'

/** Where events of the inbox come from. */
export const inboxSources = ['booking', 'payment', 'user', 'sendgrid', 'twilio', 'stripe'] as const

/** One of {@link inboxSources}. */
export type InboxSource = (typeof inboxSources)[number]

/** An event of the inbox as far as it decides about its job. */
export interface StoredKind {
  /** Its id in the inbox. */
  readonly id: string
  readonly source: InboxSource
  readonly type: string
  readonly entity: string | null
}

type JobMaker = (event: StoredKind) => NewJob | undefined

const ofPlatform =
  (source: HbnbSource): JobMaker =>
  ({ id, type, entity }) =>
    sourceOf(type) === source ? newJob(processEvent, { inbox_id: id }, { entity }) : undefined

/** Which job reacts to what: the doors and replays ask here alone. */
const makers: Readonly<Record<InboxSource, JobMaker>> = {
  booking: ofPlatform('booking'),
  payment: ofPlatform('payment'),
  user: ofPlatform('user'),
  sendgrid: ({ id, entity }) => newJob(applyMailEvents, { inbox_id: id }, { entity }),
  twilio: ({ id, entity }) => newJob(applySmsStatus, { inbox_id: id }, { entity }),
  stripe: () => undefined,
}

/** A new job that reacts to an event; undefined when nothing reacts to events of its kind. */
export function jobForEvent(event: StoredKind): NewJob | undefined {
  return makers[event.source](event)
}
