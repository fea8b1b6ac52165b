import { z } from 'zod'

const providerId = z.string().regex(/^[\x21-\x7e]{1,256}$/)

/**
 * What is kept of one event: ids, times and classes. Each field has a form that no address fits in, and everything else
 * (`email`, `ip`, `useragent`, `url`, `reason`, which may quote the address) is dropped before it is stored.
 * Fields: https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event
 */
export const keptMailEvent = z.object({
  event: z.string().regex(/^[a-z_]{1,40}$/),
  sg_event_id: providerId,
  /** Unix seconds. */
  timestamp: z.int().nonnegative(),
  sg_message_id: providerId.optional().catch(undefined),
  effect_id: z.uuid().optional().catch(undefined),
  job_id: z.uuid().optional().catch(undefined),
  type: z
    .string()
    .regex(/^[a-z_]{1,40}$/)
    .optional()
    .catch(undefined),
  status: z
    .string()
    .regex(/^[0-9.]{1,12}$/)
    .optional()
    .catch(undefined),
  bounce_classification: z
    .string()
    .regex(/^[A-Za-z /-]{1,60}$/)
    .optional()
    .catch(undefined),
})
