import { z } from 'zod'
import { currencyCode, minorUnits } from '../../../money.ts'
import { nightsBetween, stayDate } from '../../../stay-date.ts'
import { oneLine } from '../../one-line.ts'

const maxNameChars = 80
const maxTitleChars = 500
const maxIdChars = 64
const maxUrlChars = 2_000
const maxGuests = 100
const maxNights = 400

/** Names and titles are written by guests and hosts: nothing in them may start a new line or header. */
const strangersText = (maxChars: number) => z.string().max(maxChars).transform(oneLine).pipe(z.string().min(1))

/** What the message needs to know. Strict: an unknown field is a misspelt one. `nights` is checked when given. */
export const bookingConfirmationData = z
  .strictObject({
    booking_id: strangersText(maxIdChars),
    guest_first_name: strangersText(maxNameChars),
    place_title: strangersText(maxTitleChars),
    place_city: strangersText(maxNameChars),
    check_in: stayDate,
    check_out: stayDate,
    nights: z.int().optional(),
    guests: z.int().min(1).max(maxGuests),
    total_minor: minorUnits,
    currency: currencyCode,
    booking_url: z
      .url({ protocol: /^https?$/ })
      .max(maxUrlChars)
      .optional(),
  })
  .transform((data, context) => {
    const nights = nightsBetween(data.check_in, data.check_out)
    if (nights < 1 || nights > maxNights) {
      const message = `must be 1 to ${maxNights} nights after check_in`
      context.addIssue({ code: 'custom', path: ['check_out'], message })
    } else if (data.nights !== undefined && data.nights !== nights) {
      context.addIssue({ code: 'custom', path: ['nights'], message: 'differs from check_in and check_out' })
    }
    return { ...data, nights }
  })
