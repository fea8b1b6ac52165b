import type { EntityKind } from '../../../domain/platform/kinds.ts'

/** How entities of a kind are addressed. */
export interface EntityPath {
  readonly kind: EntityKind
  readonly path: string
  /** The parameter of the path that is its id. */
  readonly parameter: string
  /** As operations call one: `putUser`. */
  readonly name: string
  /** As people do. */
  readonly words: string
}

/** The address of each kind. */
export const entityPaths: readonly EntityPath[] = [
  { kind: 'user', path: '/v1/users/{user}', parameter: 'user', name: 'User', words: 'a user' },
  {
    kind: 'preferences',
    path: '/v1/users/{user}/preferences',
    parameter: 'user',
    name: 'Preferences',
    words: 'the preferences of a user',
  },
  { kind: 'amenity', path: '/v1/amenities/{amenity}', parameter: 'amenity', name: 'Amenity', words: 'an amenity' },
  { kind: 'place', path: '/v1/places/{place}', parameter: 'place', name: 'Place', words: 'a place' },
  { kind: 'booking', path: '/v1/bookings/{booking}', parameter: 'booking', name: 'Booking', words: 'a booking' },
  { kind: 'payment', path: '/v1/payments/{payment}', parameter: 'payment', name: 'Payment', words: 'a payment' },
]
