import { z } from 'zod'
import { currencyCode, minorUnits } from '../money.ts'
import { entityVersion, point, timeOfDay } from './parts.ts'

const maxCategoryChars = 40
const maxCategories = 50
const maxRadiusKm = 20_038

const channels = z.strictObject({
  email: z.boolean().optional(),
  sms: z.boolean().optional(),
  push: z.boolean().optional(),
})

/** What a person wants: how they are told, and which places they like (the guide's UserPreference). */
export const preferencesEntity = z
  .strictObject({
    version: entityVersion,
    notifications: z
      .record(
        z
          .string()
          .regex(/^[a-z][a-z0-9-]*$/)
          .max(maxCategoryChars),
        channels,
      )
      .refine(
        categories => Object.keys(categories).length <= maxCategories,
        `has more than ${maxCategories} categories`,
      )
      .default({})
      .meta({ description: 'by category and channel; what is not named follows the switches of the person' }),
    quiet_hours: z
      .strictObject({ from: timeOfDay, to: timeOfDay })
      .nullable()
      .default(null)
      .meta({ description: 'in the zone of the person' }),
    max_price_minor: minorUnits.nullable().default(null),
    currency: currencyCode.nullable().default(null),
    preferred_location: point.nullable().default(null).meta({ pii: true }),
    preferred_radius_km: z.number().positive().max(maxRadiusKm).nullable().default(null),
  })
  .refine(({ max_price_minor, currency }) => max_price_minor === null || currency !== null, {
    path: ['currency'],
    message: 'is needed with max_price_minor',
  })
