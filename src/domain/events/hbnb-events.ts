import { z } from 'zod'
import { bookingEntity } from '../platform/booking.ts'
import type { EntityOf } from '../platform/kinds.ts'
import { instant, platformId } from '../platform/parts.ts'
import { paymentEntity } from '../platform/payment.ts'
import { userEntity } from '../platform/user.ts'

const bookingEventTypes = ['booking.created', 'booking.confirmed', 'booking.cancelled', 'booking.completed'] as const
const paymentEventTypes = ['payment.succeeded', 'payment.failed', 'payment.refunded'] as const
const userEventTypes = ['user.registered', 'user.updated'] as const

/** The nine events of the platform's guide. */
export const hbnbEventTypes = [...bookingEventTypes, ...paymentEventTypes, ...userEventTypes] as const

/** One of {@link hbnbEventTypes}. */
export type HbnbEventType = (typeof hbnbEventTypes)[number]

/** What events are about, and the doors they come in by: `POST /webhooks/<source>`. */
export const hbnbSources = ['booking', 'payment', 'user'] as const

/** One of {@link hbnbSources}. */
export type HbnbSource = (typeof hbnbSources)[number]

const order = {
  occurred_at: instant.optional(),
  sequence: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'counts the events of one entity from 1; when given, they are reacted to in that order' }),
}
const snapshot = { description: 'the whole entity as it is after the event; when not given, it is looked up' }
const sameId = { id: platformId.optional().meta({ description: 'the id of the event again, or left out' }) }

const bookingEvent = z
  .looseObject({
    event: z.enum(bookingEventTypes),
    booking_id: platformId,
    ...order,
    data: bookingEntity.safeExtend(sameId).optional().meta(snapshot),
  })
  .refine(({ booking_id, data }) => data?.id === undefined || data.id === booking_id, {
    path: ['data', 'id'],
    message: 'must be the booking_id of the event',
  })

const paymentEvent = z
  .looseObject({
    event: z.enum(paymentEventTypes),
    payment_id: platformId,
    booking_id: platformId.optional(),
    ...order,
    data: paymentEntity.safeExtend(sameId).optional().meta(snapshot),
  })
  .refine(({ payment_id, data }) => data?.id === undefined || data.id === payment_id, {
    path: ['data', 'id'],
    message: 'must be the payment_id of the event',
  })
  .refine(({ booking_id, data }) => data === undefined || booking_id === undefined || data.booking_id === booking_id, {
    path: ['data', 'booking_id'],
    message: 'must be the booking_id of the event',
  })

const userEvent = z
  .looseObject({
    event: z.enum(userEventTypes),
    user_id: platformId,
    ...order,
    data: userEntity.safeExtend(sameId).optional().meta(snapshot),
  })
  .refine(({ user_id, data }) => data?.id === undefined || data.id === user_id, {
    path: ['data', 'id'],
    message: 'must be the user_id of the event',
  })

/** The events of each source. Fields we do not know are let by, beside the known ones but not inside `data`. */
export const eventsOfSource = { booking: bookingEvent, payment: paymentEvent, user: userEvent } as const

/** Any of the nine events, told apart by `event`. */
export const hbnbEvent = z.discriminatedUnion('event', [bookingEvent, paymentEvent, userEvent])

/** A checked event of the platform. */
export type HbnbEvent = z.output<typeof hbnbEvent>

/** An entity as an event tells it, under its kind and id. */
export type Snapshot =
  | { readonly kind: 'booking'; readonly id: string; readonly entity: EntityOf<'booking'> }
  | { readonly kind: 'payment'; readonly id: string; readonly entity: EntityOf<'payment'> }
  | { readonly kind: 'user'; readonly id: string; readonly entity: EntityOf<'user'> }

const sources: ReadonlyMap<string, HbnbSource> = new Map([
  ...bookingEventTypes.map(type => [type, 'booking'] as const),
  ...paymentEventTypes.map(type => [type, 'payment'] as const),
  ...userEventTypes.map(type => [type, 'user'] as const),
])

/** The source that events of a type come from; undefined for a type we do not know. */
export function sourceOf(type: HbnbEventType): HbnbSource
export function sourceOf(type: string): HbnbSource | undefined
export function sourceOf(type: string): HbnbSource | undefined {
  return sources.get(type)
}

/** What an event is about, such as `booking:42`. */
export function entityOf(event: HbnbEvent): string {
  if (isOfPayment(event)) return `payment:${event.payment_id}`
  if (isOfUser(event)) return `user:${event.user_id}`
  return `booking:${event.booking_id}`
}

/** The entity that an event carries; null when it names only an id. */
export function snapshotOf(event: HbnbEvent): Snapshot | null {
  if (event.data === undefined) return null
  if (isOfPayment(event)) return { kind: 'payment', id: event.payment_id, entity: withoutId(event.data) }
  if (isOfUser(event)) return { kind: 'user', id: event.user_id, entity: withoutId(event.data) }
  return { kind: 'booking', id: event.booking_id, entity: withoutId(event.data) }
}

function isOfPayment(event: HbnbEvent): event is z.output<typeof paymentEvent> {
  return sourceOf(event.event) === 'payment'
}

function isOfUser(event: HbnbEvent): event is z.output<typeof userEvent> {
  return sourceOf(event.event) === 'user'
}

function withoutId<Entity extends { readonly id?: string | undefined }>(data: Entity) {
  const { id: _, ...entity } = data
  return entity
}
