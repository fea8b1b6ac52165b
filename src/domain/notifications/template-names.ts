const aboutBookings = [
  'booking-requested',
  'booking-request',
  'booking-confirmation',
  'booking-confirmed-host',
  'booking-cancelled',
  'booking-cancelled-host',
  'stay-completed',
  'stay-completed-host',
  'check-in-reminder',
] as const

const aboutPayments = ['payment-succeeded', 'payment-failed', 'payment-refunded'] as const

const aboutPeople = ['welcome'] as const

/** Every message we can write. */
export const templateNames = [...aboutBookings, ...aboutPayments, ...aboutPeople] as const

/** One of our messages. */
export type TemplateName = (typeof templateNames)[number]

const subjects: ReadonlyMap<TemplateName, 'booking_id' | 'payment_id'> = new Map([
  ...aboutBookings.map(name => [name, 'booking_id'] as const),
  ...aboutPayments.map(name => [name, 'payment_id'] as const),
])

/** The id that says what a message is about. One about a person is about its reader. */
export function subjectField(template: TemplateName): 'booking_id' | 'payment_id' | 'user_id' {
  return subjects.get(template) ?? 'user_id'
}
