import { z } from 'zod'

export const bookingEventTypes = [
  'booking.created',
  'booking.confirmed',
  'booking.cancelled',
  'booking.completed',
] as const

/** A booking webhook's body, as the platform's guide sends it. Fields we do not read are kept in the inbox. */
export const bookingEvent = z.object({
  event: z.enum(bookingEventTypes),
  booking_id: z.string().min(1).max(64),
})
