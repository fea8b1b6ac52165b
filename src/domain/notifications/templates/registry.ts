import { PermanentError } from '../../../errors.ts'
import type { Locale } from '../../locale.ts'
import { bookingCancelled } from './bookings/booking-cancelled.ts'
import { bookingCancelledHost } from './bookings/booking-cancelled-host.ts'
import { bookingConfirmation } from './bookings/booking-confirmation.ts'
import { bookingConfirmedHost } from './bookings/booking-confirmed-host.ts'
import { bookingRequest } from './bookings/booking-request.ts'
import { bookingRequested } from './bookings/booking-requested.ts'
import { checkInReminder } from './bookings/check-in-reminder.ts'
import { stayCompleted } from './bookings/stay-completed.ts'
import { stayCompletedHost } from './bookings/stay-completed-host.ts'
import { paymentFailed } from './payments/payment-failed.ts'
import { paymentRefunded } from './payments/payment-refunded.ts'
import { paymentSucceeded } from './payments/payment-succeeded.ts'
import { welcome } from './people/welcome.ts'
import type { RenderedNotification, Template } from './template.ts'

const all = [
  bookingRequested,
  bookingRequest,
  bookingConfirmation,
  bookingConfirmedHost,
  bookingCancelled,
  bookingCancelledHost,
  stayCompleted,
  stayCompletedHost,
  checkInReminder,
  paymentSucceeded,
  paymentFailed,
  paymentRefunded,
  welcome,
]

/** Every template by its name. A new one is a file, a name in `template-names.ts` and a word here. */
export const templates: ReadonlyMap<string, Template> = new Map(all.map(template => [template.name, template]))

/** No template has this name. */
export class UnknownTemplate extends PermanentError {
  constructor(name: string) {
    super('unknown-template', `there is no template ${JSON.stringify(name.slice(0, 64))}`)
  }
}

/** The version to keep with a message's data. Throws UnknownTemplate. */
export function templateVersion(name: string): number {
  return templateNamed(name).version
}

/** Writes a message. Throws UnknownTemplate, or InvalidTemplateData; both permanent. */
export function renderTemplate(name: string, locale: Locale, data: unknown): RenderedNotification {
  return templateNamed(name).render(locale, data)
}

function templateNamed(name: string): Template {
  const template = templates.get(name)
  if (template === undefined) throw new UnknownTemplate(name)
  return template
}
