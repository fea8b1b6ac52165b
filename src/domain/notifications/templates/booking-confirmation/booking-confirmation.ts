import type { z } from 'zod'
import type { Locale } from '../../../locale.ts'
import { formatMoney } from '../../../money.ts'
import { formatStayDate, formatStayDateShort } from '../../../stay-date.ts'
import { clip } from '../../one-line.ts'
import { fitSms } from '../../sms-text.ts'
import { layMail } from '../mail-layout.ts'
import { defineTemplate, type RenderedNotification } from '../template.ts'
import { bookingConfirmationData } from './data.ts'
import { en } from './en.ts'
import { fr } from './fr.ts'
import type { BookingView, BookingWording } from './wording.ts'

/** Longer subjects are cut by mailboxes anyway, and a header line may not pass 998 bytes (RFC 5322, 2.1.1). */
const maxSubjectTitleChars = 80
const maxPushTitleChars = 60
const maxSmsCityChars = 40

const wordings: Readonly<Record<Locale, BookingWording>> = { fr, en }

/** « Confirmation de réservation », in French and English. */
export const bookingConfirmation = defineTemplate({
  name: 'booking-confirmation',
  version: 1,
  data: bookingConfirmationData,
  write,
})

function write(locale: Locale, data: z.output<typeof bookingConfirmationData>): RenderedNotification {
  const wording = wordings[locale]
  const view: BookingView = {
    bookingId: data.booking_id,
    firstName: data.guest_first_name,
    title: data.place_title,
    city: data.place_city,
    checkIn: formatStayDate(data.check_in, locale),
    checkOut: formatStayDate(data.check_out, locale),
    checkInShort: formatStayDateShort(data.check_in, locale),
    checkOutShort: formatStayDateShort(data.check_out, locale),
    nights: data.nights,
    guests: data.guests,
    total: formatMoney({ minor: data.total_minor, currency: data.currency }, locale),
  }
  return {
    email: layMail(locale, {
      subject: wording.subject(clip(view.title, maxSubjectTitleChars)),
      preheader: wording.preheader(view),
      heading: wording.heading,
      paragraphs: [wording.greeting(view), wording.opening],
      facts: wording.facts(view),
      button: data.booking_url === undefined ? null : { label: wording.button, url: data.booking_url },
      closing: wording.closing,
    }),
    sms: { body: smsBody(wording, view, data.booking_url) },
    push: {
      title: wording.pushTitle,
      body: wording.pushBody({ ...view, title: clip(view.title, maxPushTitleChars) }),
    },
  }
}

/** The reference is worth more than a full title, the link less than a second segment. */
function smsBody(wording: BookingWording, view: BookingView, url: string | undefined): string {
  const city = clip(view.city, maxSmsCityChars)
  const short = (title: string) => wording.sms({ ...view, city, title })
  const withReference = (title: string) => short(title) + wording.smsReference(view)
  const withLink = (title: string) => `${short(title)} ${url}`
  return fitSms(view.title, [...(url === undefined ? [] : [withLink]), withReference, short])
}
