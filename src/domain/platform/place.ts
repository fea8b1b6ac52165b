import { z } from 'zod'
import { currencyCode, minorUnits } from '../money.ts'
import { countryCode, entityVersion, instant, platformId, point, timeOfDay, timeZone } from './parts.ts'

const maxTitleChars = 200
const maxDescriptionChars = 10_000
const maxAddressChars = 500
const maxCityChars = 200
const maxAmenities = 200
const maxGuests = 1_000
const maxNights = 365

/** A place, as the platform tells us of it. Prices are for one night. */
export const placeEntity = z
  .strictObject({
    version: entityVersion,
    host_id: platformId,
    title: z.string().trim().min(1).max(maxTitleChars),
    description: z.string().max(maxDescriptionChars).default(''),
    address: z.string().max(maxAddressChars).nullable().default(null).meta({ pii: true }),
    city: z.string().trim().min(1).max(maxCityChars),
    country: countryCode,
    zone: timeZone,
    location: point
      .nullable()
      .default(null)
      .meta({ pii: true, description: 'the pin of the host; null: find it by the address' }),
    price_minor: minorUnits.nullable().default(null),
    currency: currencyCode.nullable().default(null),
    capacity: z.int().min(1).max(maxGuests).nullable().default(null),
    amenities: z.array(platformId).max(maxAmenities).default([]),
    min_stay_nights: z.int().min(1).max(maxNights).default(1),
    preparation_nights: z.int().min(0).max(maxNights).default(0),
    check_in_time: timeOfDay.default('15:00'),
    check_out_time: timeOfDay.default('11:00'),
    cancellation_policy: z.enum(['flexible', 'moderate', 'strict']).default('moderate'),
    payment_capture: z.enum(['automatic', 'manual']).default('automatic'),
    listed: z.boolean().default(true),
    created_at: instant.nullable().default(null),
  })
  .refine(({ price_minor, currency }) => price_minor === null || currency !== null, {
    path: ['currency'],
    message: 'is needed with price_minor',
  })

/** What a place may have, such as wifi: its names for people. */
export const amenityEntity = z.strictObject({
  version: entityVersion,
  name_fr: z.string().trim().min(1).max(maxTitleChars),
  name_en: z.string().trim().min(1).max(maxTitleChars),
})
