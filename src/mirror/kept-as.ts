import { bookingStatuses } from '../domain/platform/booking.ts'
import type { EntityKind, EntityOf } from '../domain/platform/kinds.ts'

type ColumnType =
  | 'text'
  | 'text[]'
  | 'boolean'
  | 'smallint'
  | 'bigint'
  | 'double precision'
  | 'jsonb'
  | 'date'
  | 'time'
  | 'timestamptz'
type Row = Readonly<Record<string, unknown>>

/** How entities of a kind are kept. */
export interface KeptAs<Entity> {
  readonly table: string
  /** Its columns beside id, version and synced_at. */
  readonly columns: Readonly<Record<string, ColumnType>>
  /** Values of the columns, where these are not simply the members of the same names. Others are left out. */
  readonly toRow?: (entity: Entity) => Row
  /** The way back. */
  readonly fromRow?: (row: Row) => Row
  /** Columns that a newer version does not simply replace: what is kept then, of `excluded` (told) and `kept`. */
  readonly merged?: Readonly<Record<string, string>>
  /** Columns that a deletion empties, and with what; the rest of the row stays for messages about what it was. None: it goes wholly. */
  readonly emptied?: Row
}

const both = (column: string) => `coalesce(excluded.${column}, kept.${column})`
const rank = (row: string) => `array_position('{${bookingStatuses.join(',')}}'::text[], ${row}.status)`
const pointOf = (lat: unknown, lon: unknown) => (lat === null ? null : { lat, lon })

/** Tables and columns of the read model, by kind, in the one order in which several kinds are locked. */
export const keptAs: { readonly [Kind in EntityKind]: KeptAs<EntityOf<Kind>> } = {
  user: {
    table: 'platform.users',
    columns: {
      first_name: 'text',
      last_name: 'text',
      email: 'text',
      phone: 'text',
      country: 'text',
      locale: 'text',
      zone: 'text',
      email_notifications_enabled: 'boolean',
      sms_notifications_enabled: 'boolean',
      stripe_customer_id: 'text',
      created_at: 'timestamptz',
    },
  },
  preferences: {
    table: 'platform.preferences',
    columns: {
      notifications: 'jsonb',
      quiet_from: 'time',
      quiet_to: 'time',
      max_price_minor: 'bigint',
      currency: 'text',
      preferred_lat: 'double precision',
      preferred_lon: 'double precision',
      preferred_radius_km: 'double precision',
    },
    toRow: ({ quiet_hours, preferred_location, ...row }) => ({
      ...row,
      quiet_from: quiet_hours?.from ?? null,
      quiet_to: quiet_hours?.to ?? null,
      preferred_lat: preferred_location?.lat ?? null,
      preferred_lon: preferred_location?.lon ?? null,
    }),
    fromRow: ({ quiet_from, quiet_to, preferred_lat, preferred_lon, ...members }) => ({
      ...members,
      quiet_hours: quiet_from === null ? null : { from: quiet_from, to: quiet_to },
      preferred_location: pointOf(preferred_lat, preferred_lon),
    }),
  },
  amenity: {
    table: 'platform.amenities',
    columns: { name_fr: 'text', name_en: 'text' },
  },
  place: {
    table: 'platform.places',
    columns: {
      host_id: 'text',
      title: 'text',
      description: 'text',
      address: 'text',
      city: 'text',
      country: 'text',
      zone: 'text',
      lat: 'double precision',
      lon: 'double precision',
      price_minor: 'bigint',
      currency: 'text',
      capacity: 'smallint',
      amenities: 'text[]',
      min_stay_nights: 'smallint',
      preparation_nights: 'smallint',
      check_in_time: 'time',
      check_out_time: 'time',
      cancellation_policy: 'text',
      payment_capture: 'text',
      listed: 'boolean',
      created_at: 'timestamptz',
    },
    toRow: ({ location, ...row }) => ({ ...row, lat: location?.lat ?? null, lon: location?.lon ?? null }),
    fromRow: ({ lat, lon, ...members }) => ({ ...members, location: pointOf(lat, lon) }),
    // Its bookings outlive it, and who is told that a stay is off must read of which.
    emptied: {
      description: '',
      address: null,
      lat: null,
      lon: null,
      price_minor: null,
      currency: null,
      amenities: [],
      listed: false,
    },
  },
  booking: {
    table: 'platform.bookings',
    columns: {
      place_id: 'text',
      guest_id: 'text',
      status: 'text',
      check_in: 'date',
      check_out: 'date',
      guests: 'smallint',
      total_minor: 'bigint',
      currency: 'text',
      payment_intent_id: 'text',
      cancelled_by: 'text',
      created_at: 'timestamptz',
      confirmed_at: 'timestamptz',
      completed_at: 'timestamptz',
      cancelled_at: 'timestamptz',
    },
    // Events move a booking on without a version, so a newer version of it may still be behind in these.
    merged: {
      status: `case when ${rank('excluded')} > ${rank('kept')} then excluded.status else kept.status end`,
      cancelled_by: both('cancelled_by'),
      created_at: both('created_at'),
      confirmed_at: both('confirmed_at'),
      completed_at: both('completed_at'),
      cancelled_at: both('cancelled_at'),
    },
  },
  payment: {
    table: 'platform.payments',
    columns: {
      booking_id: 'text',
      payment_intent_id: 'text',
      status: 'text',
      amount_minor: 'bigint',
      refunded_minor: 'bigint',
      currency: 'text',
      created_at: 'timestamptz',
    },
  },
}

/** The kinds in that order. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names of a closed record.
export const kindsInOrder = Object.keys(keptAs) as readonly EntityKind[]
