import { z } from 'zod'
import { subjectField, templateNames } from '../../src/domain/notifications/template-names.ts'
import { defineJob } from '../define-job.ts'

const entityId = z.string().min(1).max(64)

export default defineJob({
  name: 'notifications.send',
  about: 'Tell a person something: decide the channels, then one delivery and one job per channel.',
  version: 2,
  payload: z
    .strictObject({
      user_id: entityId,
      template: z.enum(templateNames),
      booking_id: entityId.optional().meta({ description: 'needed by messages about a booking or a stay' }),
      payment_id: entityId.optional().meta({ description: 'needed by messages about a payment' }),
    })
    .superRefine((payload, context) => {
      const field = subjectField(payload.template)
      if (payload[field] !== undefined) return
      context.addIssue({ code: 'custom', path: [field], message: `is needed by ${payload.template}` })
    })
    .meta({ examples: [{ user_id: 'guest-42', template: 'booking-confirmation', booking_id: 'booking-42' }] }),
  result: z.object({
    notification_id: z.uuid(),
    channels: z.object({ email: z.string(), sms: z.string(), push: z.string() }),
  }),
  maxPayloadBytes: 1_024,
  durability: 'ledger',
  retry: { attempts: 10, firstDelayMs: 1_000, maxDelayMs: 3_600_000, jitter: 0.5 },
  timeoutMs: 30_000,
  expiresAfterMs: 172_800_000,
  concurrency: { perProcess: 20, everywhere: 'unlimited' },
  perKey: 'none',
  rateLimit: 'none',
  priority: 5,
  tenant: 'api-key',
  schedule: 'none',
  unique: 'none',
  retention: { days: 90 },
  open: true,
})
