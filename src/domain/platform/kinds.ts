import type { z } from 'zod'
import { bookingEntity } from './booking.ts'
import { paymentEntity } from './payment.ts'
import { amenityEntity, placeEntity } from './place.ts'
import { preferencesEntity } from './preferences.ts'
import { userEntity } from './user.ts'

/** What the platform tells us of, each under its id and with a version. Preferences have the id of their person. */
export const entityKinds = {
  user: userEntity,
  preferences: preferencesEntity,
  amenity: amenityEntity,
  place: placeEntity,
  booking: bookingEntity,
  payment: paymentEntity,
} as const

/** One of {@link entityKinds}. */
export type EntityKind = keyof typeof entityKinds

/** An entity as it is kept: checked, defaults filled in. */
export type EntityOf<Kind extends EntityKind> = z.output<(typeof entityKinds)[Kind]>
