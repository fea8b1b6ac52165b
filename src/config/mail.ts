import { z } from 'zod'
import type { LegalClass } from '../domain/notifications/categories.ts'
import { jsonText, listOf, variable } from './values.ts'

const minSecretChars = 32
const address = z.email().optional()
const addressExpected = 'an e-mail address'

/** Who our mail is from, and how its readers part with it. */
export const mailVariables = {
  FROM_EMAIL: variable(z.email().default('bookings@hbnb.com'), {
    about: 'the sender of mail about bookings, payments and security, and of what has no sender of its own',
    expected: addressExpected,
    example: 'bookings@hbnb.com',
  }),
  REPLY_TO_EMAIL: variable(address, {
    about: 'where answers to our mail go; unset: to the sender',
    expected: addressExpected,
    example: 'help@hbnb.com',
  }),
  FROM_EMAIL_SERVICE: variable(address, {
    about: 'the sender of mail about accounts, messages, reminders and reviews; unset: FROM_EMAIL',
    expected: addressExpected,
    example: 'hello@hbnb.com',
  }),
  REPLY_TO_EMAIL_SERVICE: variable(address, {
    about: 'where answers to that mail go; unset: REPLY_TO_EMAIL',
    expected: addressExpected,
    example: 'help@hbnb.com',
  }),
  FROM_EMAIL_MARKETING: variable(address, {
    about:
      'the sender of news and offers, best of a domain of its own: complaints about them then harm no booking; unset: FROM_EMAIL',
    expected: addressExpected,
    example: 'news@news.hbnb.com',
  }),
  REPLY_TO_EMAIL_MARKETING: variable(address, {
    about: 'where answers to that mail go; unset: REPLY_TO_EMAIL',
    expected: addressExpected,
    example: 'news@hbnb.com',
  }),
  UNSUBSCRIBE_SECRET: variable(listOf(z.string().min(minSecretChars)), {
    about:
      'seals the links to unsubscribe, which stay in mailboxes for years: put a new one first and keep the old ones',
    expected: `one or more comma separated texts of at least ${minSecretChars} characters each`,
    example: 'the output of: openssl rand -base64 48',
    secret: true,
  }),
  SENDGRID_TEMPLATES: variable(
    jsonText
      .pipe(z.record(z.string().regex(/^d-[0-9a-f]{32}$/), z.array(z.string().regex(/^[A-Za-z_]\w{0,63}$/)).max(100)))
      .default({}),
    {
      about: 'dynamic templates of SendGrid that notifications may name, with the variables each cannot do without',
      expected: 'a JSON object of template ids, each with a list of names',
      example: '{"d-0123456789abcdef0123456789abcdef":["first_name","voucher_url"]}',
    },
  ),
}

type Mail = z.output<z.ZodObject<typeof mailVariables>>

/** The same as settings. */
export function mailSettings(env: Mail) {
  const sender = (from: string | undefined, replyTo: string | undefined) => {
    const answers = replyTo ?? env.REPLY_TO_EMAIL
    return { from: from ?? env.FROM_EMAIL, ...(answers === undefined ? {} : { replyTo: answers }) }
  }
  return {
    /** Mail of one kind keeps to itself: what marketing does to a sender's reputation must not delay a confirmation. */
    senders: {
      transactional: sender(env.FROM_EMAIL, undefined),
      service: sender(env.FROM_EMAIL_SERVICE, env.REPLY_TO_EMAIL_SERVICE),
      marketing: sender(env.FROM_EMAIL_MARKETING, env.REPLY_TO_EMAIL_MARKETING),
    } satisfies Record<LegalClass, { readonly from: string; readonly replyTo?: string }>,
    /** The first seals, every one opens. */
    unsubscribeSecrets: env.UNSUBSCRIBE_SECRET,
    /** The names of the variables that each of SendGrid's templates needs, by its id. */
    templates: env.SENDGRID_TEMPLATES,
  }
}
