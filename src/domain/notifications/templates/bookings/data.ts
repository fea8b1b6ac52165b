import { z } from 'zod'
import { currencyCode, minorUnits } from '../../../money.ts'
import { timeOfDay } from '../../../platform/parts.ts'
import { stayDate } from '../../../stay-date.ts'
import { pageUrl, personName, placeAddress, placeCity, placeTitle, shownId } from '../strangers-text.ts'

const maxGuests = 1_000

const booking = {
  booking_id: shownId,
  place_title: placeTitle,
  place_city: placeCity,
  place_address: placeAddress.optional(),
  check_in: stayDate,
  check_out: stayDate,
  check_in_time: timeOfDay.optional(),
  check_out_time: timeOfDay.optional(),
  guests: z.int().min(1).max(maxGuests),
  total_minor: minorUnits,
  currency: currencyCode,
  cancelled_by: z.enum(['guest', 'host', 'platform']).optional(),
  booking_url: pageUrl.optional(),
}

const isInOrder = (stay: { readonly check_in: string; readonly check_out: string }) => stay.check_in < stay.check_out
const whenNot = { path: ['check_out'], message: 'must be after check_in' }

/** What a guest's message about their booking needs to know. Strict: an unknown field is a misspelt one. */
export const guestData = z.strictObject({ ...booking, guest_first_name: personName }).refine(isInOrder, whenNot)

/** The same for the host of the place. A guest who deleted their account has no name any more. */
export const hostData = z
  .strictObject({ ...booking, host_first_name: personName, guest_first_name: personName.optional() })
  .refine(isInOrder, whenNot)
