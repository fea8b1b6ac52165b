import type { MailEvent } from '../mail-event.ts'

/**
 * How far a mail can have come, by the events of SendGrid; `blocked` is a `bounce` of that type. Events come in any order
 * and more than once: a status gives way only to one of a later row. A mailbox may refuse what its server had taken, and
 * who complains has read it, so these come last.
 */
const steps = [
  ['processed'],
  ['deferred'],
  ['delivered'],
  ['open'],
  ['click'],
  ['bounce', 'blocked', 'dropped', 'spamreport'],
] as const

/** One of the statuses of a mail that we sent. */
export type MailStatus = (typeof steps)[number][number]

/** The status that an event tells of; null for events about the wishes of a reader, and those we do not know. */
export function mailStatus({ event, type }: MailEvent): MailStatus | null {
  if (event === 'bounce' && type === 'blocked') return 'blocked'
  return steps.flat().find(status => status === event) ?? null
}

/** The statuses that one puts an end to. */
export function earlierMailStatuses(status: MailStatus): MailStatus[] {
  return steps.slice(0, rank(status)).flat()
}

/** Whether a status puts an end to another. */
export function isLaterMailStatus(status: MailStatus, than: MailStatus): boolean {
  return rank(status) > rank(than)
}

function rank(status: MailStatus): number {
  return steps.findIndex(step => step.some(one => one === status))
}
