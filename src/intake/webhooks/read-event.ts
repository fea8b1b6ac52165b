import { z } from 'zod'
import { bookingEvent, bookingEventTypes } from '../../domain/booking-event.ts'
import { fieldFaults } from '../http/pointer.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import type { StrictJson } from '../http/strict-json.ts'

/** A booking event as far as the door reads it. `ignoredBecause` is null for events something may react to. */
export interface ReadEvent {
  readonly type: string
  readonly body: unknown
  readonly entity: string | null
  readonly ignoredBecause: string | null
}

const maxTypeChars = 100
const anyEvent = z.looseObject({ event: z.string().min(1).max(maxTypeChars) })
const known: ReadonlySet<string> = new Set(bookingEventTypes)

/** Reads the parsed body of a verified booking webhook. Throws invalid-event naming each field. */
export function readBookingEvent({ value: body, faults }: StrictJson): ReadEvent {
  const { data, error } = anyEvent.safeParse(body)
  refuseIfAny([...faults, ...fieldFaults(error?.issues ?? [], body)])
  const type = data?.event ?? ''
  const event = bookingEvent.safeParse(body)
  const entity = event.success ? `booking:${event.data.booking_id}` : null
  if (known.has(type)) refuseIfAny(fieldFaults(event.error?.issues ?? [], body))
  return { type, body, entity, ignoredBecause: known.has(type) ? null : 'events of this type are not known here' }
}

function refuseIfAny(errors: readonly FieldFault[]): void {
  if (errors.length > 0) throw new Problem('invalid-event', { errors })
}
