import type { z } from 'zod'
import { keptStripeEvent } from '../../domain/events/stripe-event.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import type { StrictJson } from '../http/strict-json.ts'

/** A verified event of Stripe, without what is not kept of it. Throws invalid-event. */
export function readStripeEvent({ value: body, faults }: StrictJson): z.output<typeof keptStripeEvent> {
  const { data: event, error } = keptStripeEvent.safeParse(body)
  const errors = [...faults, ...fieldFaults(error?.issues ?? [], body)]
  if (event === undefined || errors.length > 0) throw new Problem('invalid-event', { errors })
  return event
}
