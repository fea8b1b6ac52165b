const bookingsToGuests = [
  'booking-requested',
  'booking-confirmation',
  'booking-cancelled',
  'stay-completed',
  'check-in-reminder',
] as const

const bookingsToHosts = [
  'booking-request',
  'booking-confirmed-host',
  'booking-cancelled-host',
  'stay-completed-host',
] as const

const aboutPayments = ['payment-succeeded', 'payment-failed', 'payment-refunded'] as const

const aboutPeople = ['welcome'] as const

/** Every message we can write. */
export const templateNames = [...bookingsToGuests, ...bookingsToHosts, ...aboutPayments, ...aboutPeople] as const

/** One of our messages. */
export type TemplateName = (typeof templateNames)[number]

const subjects: ReadonlyMap<TemplateName, 'booking_id' | 'payment_id'> = new Map([
  ...[...bookingsToGuests, ...bookingsToHosts].map(name => [name, 'booking_id'] as const),
  ...aboutPayments.map(name => [name, 'payment_id'] as const),
])

/** The id that says what a message is about. One about a person is about its reader. */
export function subjectField(template: TemplateName): 'booking_id' | 'payment_id' | 'user_id' {
  return subjects.get(template) ?? 'user_id'
}

const hosts: ReadonlySet<TemplateName> = new Set(bookingsToHosts)

/** Whether a message is written for the host of a place. */
export function isToHost(template: TemplateName): boolean {
  return hosts.has(template)
}
