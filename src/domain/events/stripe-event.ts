import { z } from 'zod'

const stripeId = z.string().regex(/^[A-Za-z0-9_]{1,255}$/)
const dotted = z.string().regex(/^[a-z0-9_.]{1,100}$/)

/**
 * What is kept of an event of Stripe: which it is, and the id of what it is about. The object itself, with names, addresses
 * and amounts, is dropped before it is stored and asked for again by whoever works on it. Some objects have no id, or one of another form, which is not kept.
 * Fields: https://docs.stripe.com/api/events/object
 */
export const keptStripeEvent = z.object({
  id: stripeId,
  type: dotted,
  /** Unix seconds. */
  created: z.int().nonnegative(),
  api_version: z
    .string()
    .regex(/^[\w.-]{1,50}$/)
    .nullable()
    .default(null),
  livemode: z.boolean(),
  /** The connected account it happened in. */
  account: stripeId.optional(),
  // Coupons, plans and products have ids of their owner's choice: the event must not be refused, and sent again for days.
  data: z.object({ object: z.object({ id: stripeId.optional().catch(undefined), object: dotted }) }),
})
