import { z } from 'zod'
import { countryCode, entityVersion, instant, platformId, timeZone } from './parts.ts'

const maxNameChars = 100
const maxPhoneChars = 40
/** RFC 5321, 4.5.3.1.3, less the angle brackets. */
const maxEmailChars = 254
/** Those of today have about 170; an index of Postgres holds 2,704 bytes. */
const maxTokenChars = 2_048
const maxDevices = 100

/** A token of Firebase Cloud Messaging. */
export const deviceToken = z
  .string()
  .min(1)
  .max(maxTokenChars)
  .regex(/^[!-~]+$/, 'is no device token')

/** A person, as the platform tells us of them. Defaults are the guide's. */
export const userEntity = z.strictObject({
  version: entityVersion,
  first_name: z.string().trim().min(1).max(maxNameChars).meta({ pii: true }),
  last_name: z.string().trim().max(maxNameChars).default('').meta({ pii: true }),
  email: z.email().max(maxEmailChars).nullable().default(null).meta({ pii: true }),
  phone: z.string().trim().min(1).max(maxPhoneChars).nullable().default(null).meta({ pii: true }),
  country: countryCode.nullable().default(null),
  locale: z
    .string()
    .regex(/^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$/, 'is no language tag')
    .nullable()
    .default(null),
  zone: timeZone.nullable().default(null),
  email_notifications_enabled: z.boolean().default(true),
  sms_notifications_enabled: z.boolean().default(true),
  stripe_customer_id: platformId.nullable().default(null),
  created_at: instant.nullable().default(null),
  fcm_tokens: z
    .array(deviceToken.meta({ pii: true }))
    .max(maxDevices)
    .optional()
    .meta({ description: 'when given, all devices of the person, oldest first; when not, devices stay as they are' }),
})

/** A device, under its token: it belongs to one person, the last that named it. */
export const deviceEntity = z.strictObject({
  platform: z.enum(['android', 'ios', 'web']).nullable().default(null),
})
