import { z } from 'zod'
import { currencyCode, minorUnits } from '../money.ts'
import { stayDate } from '../stay-date.ts'
import { entityVersion, instant, platformId } from './parts.ts'

const maxGuests = 1_000

/** How far a booking has come; later ones win over earlier ones, and `cancelled` over all. */
export const bookingStatuses = ['pending', 'confirmed', 'completed', 'cancelled'] as const

/** A booking, as the platform tells us of it. Nights are those from `check_in` to the day before `check_out`. */
export const bookingEntity = z
  .strictObject({
    version: entityVersion,
    place_id: platformId,
    guest_id: platformId,
    status: z.enum(bookingStatuses),
    check_in: stayDate,
    check_out: stayDate,
    guests: z.int().min(1).max(maxGuests),
    total_minor: minorUnits,
    currency: currencyCode,
    payment_intent_id: platformId.nullable().default(null),
    cancelled_by: z.enum(['guest', 'host', 'platform']).nullable().default(null),
    created_at: instant.nullable().default(null),
    confirmed_at: instant.nullable().default(null),
    completed_at: instant.nullable().default(null),
    cancelled_at: instant.nullable().default(null),
  })
  .refine(({ check_in, check_out }) => check_in < check_out, {
    path: ['check_out'],
    message: 'must be after check_in',
  })
