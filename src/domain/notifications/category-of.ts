import type { CategoryName } from './categories.ts'
import type { TemplateName } from './template-names.ts'

/** What each of our messages is about, as people switch it on and off. */
export const categoryOf: Readonly<Record<TemplateName, CategoryName>> = {
  'booking-requested': 'booking',
  'booking-request': 'booking',
  'booking-confirmation': 'booking',
  'booking-confirmed-host': 'booking',
  'booking-cancelled': 'booking',
  'booking-cancelled-host': 'booking',
  'stay-completed': 'review',
  'stay-completed-host': 'booking',
  'check-in-reminder': 'reminder',
  'payment-succeeded': 'payment',
  'payment-failed': 'payment',
  'payment-refunded': 'payment',
  welcome: 'account',
}
