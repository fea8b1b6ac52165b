import { z } from 'zod'
import { currencyCode, minorUnits } from '../money.ts'
import { entityVersion, instant, platformId } from './parts.ts'

/** Where a payment stands. */
const paymentStatuses = ['pending', 'authorized', 'succeeded', 'failed', 'cancelled', 'refunded'] as const

/** A payment for a booking, as the platform tells us of it. */
export const paymentEntity = z
  .strictObject({
    version: entityVersion,
    booking_id: platformId,
    payment_intent_id: platformId.nullable().default(null),
    status: z.enum(paymentStatuses),
    amount_minor: minorUnits,
    refunded_minor: minorUnits.default(0),
    currency: currencyCode,
    created_at: instant.nullable().default(null),
  })
  .refine(({ amount_minor, refunded_minor }) => refunded_minor <= amount_minor, {
    path: ['refunded_minor'],
    message: 'must not exceed amount_minor',
  })
