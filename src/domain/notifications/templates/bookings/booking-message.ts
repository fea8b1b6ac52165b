import type { Locale } from '../../../locale.ts'
import type { TemplateName } from '../../template-names.ts'
import { defineTemplate, type Template } from '../template.ts'
import type { Wording } from '../wording.ts'
import { writeMessage } from '../write-message.ts'
import { guestData, hostData } from './data.ts'
import { type BookingView, bookingView } from './view.ts'

interface BookingMessage extends Readonly<Record<Locale, Wording<BookingView>>> {
  readonly name: TemplateName
  readonly version: number
}

/** A message about a booking to its guest. */
export function guestMessage(message: BookingMessage): Template {
  const { name, version } = message
  return defineTemplate({
    name,
    version,
    data: guestData,
    write: (locale, data) => writeMessage(locale, message[locale], bookingView(locale, data, data.guest_first_name)),
  })
}

/** A message about a booking to the host of its place. */
export function hostMessage(message: BookingMessage): Template {
  const { name, version } = message
  return defineTemplate({
    name,
    version,
    data: hostData,
    write: (locale, data) => writeMessage(locale, message[locale], bookingView(locale, data, data.host_first_name)),
  })
}
