import { z } from 'zod'
import { type CategoryName, categories } from '../../domain/notifications/categories.ts'
import { channels } from '../../domain/notifications/channel.ts'
import { deliveryStates } from '../../domain/notifications/delivery-state.ts'
import { isProviderTemplate } from '../../domain/notifications/provider-template.ts'
import { subjectField, templateNames } from '../../domain/notifications/template-names.ts'
import { toE164 } from '../../domain/phone.ts'
import { countryCode, platformId } from '../../domain/platform/parts.ts'
import { notificationStates } from '../../ledger/notification-standing.ts'
import { entityOption, soonOption } from './job-options.ts'

export const maxTitleChars = 500
export const maxBodyChars = 10_000
const maxPhoneChars = 40
const maxDataMembers = 50
const maxDedupeChars = 200
const instant = z.iso.datetime({ offset: true })

const locale = z
  .string()
  .regex(/^[a-zA-Z]{2,3}([-_][a-zA-Z0-9]{2,8})*$/, 'is no language tag')
  .describe('BCP 47; default: French, or what is spoken in the country')

/** Text that says something. */
export const words = (maxChars: number) =>
  z
    .string()
    .max(maxChars)
    .refine(text => text.trim() !== '', 'is empty')

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Object.keys forgets the names it was given.
export const categoryNames = z.enum(Object.keys(categories) as [CategoryName, ...CategoryName[]])
const channelName = z.enum(channels)

/** Whom to tell: a user, or an address that is no user's. */
const to = z.union(
  [
    z.strictObject({ user_id: platformId }),
    z.strictObject({ email: z.email(), locale: locale.optional() }),
    z
      .strictObject({
        phone: z.string().min(1).max(maxPhoneChars),
        country: countryCode.describe('of numbers that are not international'),
        locale: locale.optional(),
      })
      .refine(({ phone, country }) => toE164(phone, country) !== null, {
        path: ['phone'],
        message: 'is no phone number',
      }),
  ],
  { error: 'must be {user_id}, {email, locale?} or {phone, country, locale?}, each as it is described' },
)

/** Names that FCM keeps for itself (docs: https://firebase.google.com/docs/cloud-messaging/concept-options, "Data messages"). */
const dataName = z
  .string()
  .max(100)
  .regex(/^(?!from$|message_type$|google|gcm)/, 'is a name that FCM keeps for itself')

const mailTemplate = z.string().refine(isProviderTemplate, 'is no id of a dynamic template: d- and 32 hex digits')
const mailVariables = z.record(z.string().regex(/^[A-Za-z_]\w{0,63}$/, 'is no name of a variable'), z.unknown())

/**
 * A notification as it is asked for: of one of our templates, in words of the sender's own, or of a template that the mail
 * provider keeps.
 */
export const newNotification = z
  .strictObject({
    to,
    template: z.enum(templateNames).optional().describe('one of our messages; or title and body'),
    mail_template: mailTemplate
      .optional()
      .describe('a dynamic template of SendGrid, one of SENDGRID_TEMPLATES; sent by e-mail alone'),
    variables: mailVariables
      .optional()
      .describe('what that template is given; unsubscribe_url is added where there is one'),
    booking_id: platformId.optional().describe('needed by templates about a booking or a stay'),
    payment_id: platformId.optional().describe('needed by templates about a payment'),
    title: words(maxTitleChars).optional(),
    body: words(maxBodyChars).optional().describe('plain text; a blank line begins a paragraph of a mail'),
    data: z
      .record(dataName, z.string())
      .refine(data => Object.keys(data).length <= maxDataMembers, `has more than ${maxDataMembers} members`)
      .default({})
      .describe('what a push carries for the app'),
    category: categoryNames
      .optional()
      .describe('of own words: what people switch it off by, and how the law sees it; default account'),
    channels: z
      .array(channelName)
      .min(1)
      .max(channels.length)
      .optional()
      .describe('only these; default: all that are wanted, of messages, reminders and reviews one after the other'),
    entity: entityOption
      .optional()
      .describe('What it is about, such as booking:42: the key of its story, and of cancelling it.'),
    dedupe_key: z.string().min(1).max(maxDedupeChars).optional().describe('the same to the same reader is sent once'),
    expires_at: soonOption
      .refine(at => at.getTime() > Date.now(), 'must lie in the future')
      .optional()
      .describe('Not sent after this instant.'),
    urgency: z
      .enum(['low', 'normal', 'high'])
      .default('normal')
      .describe('low waits for the day, and messages and news for the evening, told as one; high for no quiet hours'),
  })
  .superRefine((asked, context) => {
    const fault = (field: string, message: string) => context.addIssue({ code: 'custom', path: [field], message })
    const { template } = asked
    if (asked.mail_template !== undefined) {
      for (const field of ['template', 'booking_id', 'payment_id', 'title', 'body'] as const) {
        if (asked[field] !== undefined) fault(field, 'has no place beside a mail_template')
      }
      if (Object.keys(asked.data).length > 0) fault('data', 'is carried by a push: a mail_template has variables')
      if ('phone' in asked.to) fault('to', 'must have an e-mail address')
      if (asked.channels?.some(channel => channel !== 'email')) fault('channels', 'can be none but email')
      return
    }
    if (asked.variables !== undefined) fault('variables', 'belong to a mail_template')
    if (template === undefined) {
      for (const field of ['title', 'body'] as const) {
        // An SMS has no title.
        if (asked[field] === undefined && !(field === 'title' && 'phone' in asked.to))
          fault(field, 'is needed where there is no template')
      }
      for (const field of ['booking_id', 'payment_id'] as const) {
        if (asked[field] !== undefined) fault(field, 'belongs to a template')
      }
      return
    }
    if (!('user_id' in asked.to)) fault('to', `must be a user: ${template} names its reader`)
    const field = subjectField(template)
    if (field !== 'user_id' && asked[field] === undefined) fault(field, `is needed by ${template}`)
    for (const own of ['title', 'body', 'category'] as const) {
      if (asked[own] !== undefined) fault(own, `is that of ${template}`)
    }
  })
  .meta({
    examples: [
      {
        to: { user_id: 'guest-42' },
        title: 'Votre hôte vous attend',
        body: 'La clé est chez la boulangère, en face.',
        category: 'booking',
        entity: 'booking:booking-42',
      },
    ],
  })

/** What is asked, read. */
export type NewNotificationBody = z.output<typeof newNotification>

/** The answer to a notification that was asked for. */
export const acceptedNotification = z
  .object({
    id: z.uuid(),
    job_id: z.uuid().describe('the job that decides the channels'),
    deduplicated: z.literal(true).optional().describe('it was asked for before, under this dedupe_key'),
    links: z.object({ self: z.string(), job: z.string() }),
  })
  .meta({ title: 'AcceptedNotification' })

const isSent = z.boolean().nullable()

/** The whole story of a notification. */
export const shownNotification = z
  .object({
    id: z.uuid(),
    to: z.union([
      z.object({ user_id: z.string() }),
      z.object({ email: z.string() }),
      z.object({ phone: z.string(), country: z.string() }),
    ]),
    category: categoryNames,
    template: z.string().nullable().describe('null: it has a title of its own'),
    title: z.string().nullable(),
    entity: z.string().nullable(),
    created_at: instant,
    expires_at: instant.nullable(),
    read_at: instant.nullable(),
    state: z.enum(notificationStates),
    reason: z
      .string()
      .nullable()
      .describe('why nothing was decided (gathered: it waits for its digest), or why it was cancelled'),
    results: z
      .object({ push: isSent, email: isSent, sms: isSent })
      .describe('true: the provider took it; false: it was not sent; null: not known, or not yet'),
    deliveries: z.array(
      z.object({
        channel: channelName,
        state: z.enum(deliveryStates),
        reason: z.string().nullable().describe('why it is not sent, or not yet'),
        until: instant.nullable().describe('when one that was put off is looked at again'),
        job_id: z.uuid().nullable(),
        provider_status: z.string().nullable().describe('what the provider has said since'),
      }),
    ),
  })
  .meta({ title: 'Notification' })

/** What is taken back. */
export const cancelBody = z.strictObject({
  entity: entityOption.describe('What it is about, such as booking:42.'),
  category: categoryNames.optional().describe('only notifications of this category'),
})

/** One entry of a person's inbox. */
const inboxEntry = z
  .object({
    id: z.uuid(),
    category: categoryNames,
    title: z.string(),
    body: z.string(),
    data: z.record(z.string(), z.string()).describe('as a push carries it'),
    entity: z.string().nullable(),
    created_at: instant,
    read_at: instant.nullable(),
  })
  .meta({ title: 'InboxEntry' })

/** One page of a person's inbox. */
export const inboxPage = z.object({
  notifications: z.array(inboxEntry),
  next_cursor: z.string().nullable().describe('for the next page; null on the last one'),
})
