import { z } from 'zod'
import { currencyCode, minorUnits } from '../../../money.ts'
import { stayDate } from '../../../stay-date.ts'
import { pageUrl, personName, placeCity, placeTitle, shownId } from '../strangers-text.ts'

/** What a message about a payment needs to know. Strict: an unknown field is a misspelt one. */
export const paymentData = z
  .strictObject({
    payment_id: shownId,
    booking_id: shownId,
    first_name: personName,
    place_title: placeTitle,
    place_city: placeCity,
    check_in: stayDate,
    check_out: stayDate,
    amount_minor: minorUnits,
    /** Of the amount, all refunds together; 0 also when it is not known how much that is. */
    refunded_minor: minorUnits,
    currency: currencyCode,
    booking_url: pageUrl.optional(),
  })
  .refine(({ amount_minor, refunded_minor }) => refunded_minor <= amount_minor, {
    path: ['refunded_minor'],
    message: 'must not exceed amount_minor',
  })
