import type { EntityKind } from '../../src/domain/platform/kinds.ts'

/** What an app of the platform sends of an entity: what must be said of each kind. */
export const entityBodies: Readonly<
  Record<EntityKind, Readonly<Record<string, unknown>> & { readonly version: number }>
> = {
  user: { version: 1, first_name: 'Camille' },
  preferences: { version: 1 },
  amenity: { version: 1, name_fr: 'Cheminée', name_en: 'Fireplace' },
  place: {
    version: 1,
    host_id: 'host',
    title: 'Cabane dans les pins',
    city: 'Arcachon',
    country: 'FR',
    zone: 'Europe/Paris',
  },
  booking: {
    version: 1,
    place_id: 'place',
    guest_id: 'guest',
    status: 'pending',
    check_in: '2026-12-12',
    check_out: '2026-12-19',
    guests: 2,
    total_minor: 84_050,
    currency: 'EUR',
  },
  payment: { version: 1, booking_id: 'booking', status: 'succeeded', amount_minor: 84_050, currency: 'EUR' },
}
