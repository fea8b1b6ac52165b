import { z } from 'zod'

const MAX_PERSONALIZATIONS = 1_000
const MAX_RECIPIENTS = 1_000

const person = z.object({ email: z.email(), name: z.string().optional() })
const people = z.array(person).min(1)
const texts = z.record(z.string(), z.string())

/** The body of POST /v3/mail/send as far as we use it (Twilio SendGrid, "Mail Send" reference). */
export const mailSend = z
  .object({
    personalizations: z
      .array(
        z.object({
          to: people,
          cc: people.optional(),
          bcc: people.optional(),
          subject: z.string().min(1).optional(),
          headers: texts.optional(),
          custom_args: texts.optional(),
          substitutions: texts.optional(),
          dynamic_template_data: z.record(z.string(), z.unknown()).optional(),
        }),
      )
      .min(1)
      .max(MAX_PERSONALIZATIONS),
    from: person,
    reply_to: person.optional(),
    subject: z.string().min(1).optional(),
    content: z
      .array(z.object({ type: z.string().regex(/^[^;\r\n]+$/), value: z.string().min(1) }))
      .min(1)
      .optional(),
    template_id: z
      .string()
      .regex(/^d-[0-9a-f]{32}$/)
      .optional(),
    headers: texts.optional(),
    custom_args: texts.optional(),
    mail_settings: z.object({ bypass_unsubscribe_management: z.object({ enable: z.boolean() }).optional() }).optional(),
  })
  .superRefine((mail, context) => {
    // A dynamic template has a subject and content of its own.
    const written = mail.template_id !== undefined
    if (!written && mail.content === undefined) {
      context.addIssue({ code: 'custom', path: ['content'], message: 'The content value must be given.' })
    }
    mail.personalizations.forEach((each, index) => {
      if (!written && each.subject === undefined && mail.subject === undefined) {
        context.addIssue({ code: 'custom', path: ['subject'], message: 'The subject is required.' })
      }
      const addresses = recipientsOf(each).map(address => address.toLowerCase())
      if (new Set(addresses).size < addresses.length) {
        const path = ['personalizations', index]
        context.addIssue({
          code: 'custom',
          path,
          message: 'Each email address should be unique between to, cc, and bcc.',
        })
      }
    })
    if (mail.personalizations.flatMap(recipientsOf).length > MAX_RECIPIENTS) {
      const path = ['personalizations']
      context.addIssue({ code: 'custom', path, message: 'A request may not have more than 1000 recipients.' })
    }
  })

type Personalization = z.output<typeof mailSend>['personalizations'][number]

/** Every address one personalization reaches. */
export function recipientsOf({ to, cc = [], bcc = [] }: Personalization): string[] {
  return [...to, ...cc, ...bcc].map(({ email }) => email)
}
