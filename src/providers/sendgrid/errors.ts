import { z } from 'zod'
import { PermanentError, TemporaryError } from '../../errors.ts'
import { CallFailure } from '../call-failure.ts'
import type { MailAnswer } from '../mailer.ts'
import { boundsOf, type OutcomeRow, outcomeOf } from '../outcome-table.ts'
import { retryAfterMs } from '../retry-after.ts'

/**
 * What each failure of POST /v3/mail/send means. The API has no idempotency key, so a lost answer is never repeated blindly.
 * Source: https://www.twilio.com/docs/sendgrid/api-reference/how-to-use-the-sendgrid-v3-api/responses
 */
export const sendgridTable: readonly OutcomeRow[] = [
  {
    when: ({ status, mayHaveBeenSent }) => status === null && !mayHaveBeenSent,
    outcome: 'temporary',
    code: 'sendgrid-unreachable',
    sentence: 'SendGrid could not be reached; nothing was sent.',
  },
  {
    when: ({ status, outOfTime }) => status === null && outOfTime,
    outcome: 'ambiguous',
    code: 'sendgrid-timeout',
    sentence: 'SendGrid did not answer in time; the mail may have been sent.',
  },
  {
    when: ({ status }) => status === null,
    outcome: 'ambiguous',
    code: 'sendgrid-answer-lost',
    sentence: 'The connection to SendGrid broke; the mail may have been sent.',
  },
  {
    when: ({ status }) => status === 401,
    outcome: 'config',
    code: 'sendgrid-key-refused',
    sentence: 'SendGrid refused the API key, or its credits are used up.',
  },
  {
    when: ({ status }) => status === 403,
    outcome: 'config',
    code: 'sendgrid-forbidden',
    sentence: 'SendGrid does not allow this key or this sender to send.',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    outcome: 'config',
    code: 'sendgrid-wrong-address',
    sentence: 'The configured SendGrid address does not take mail.',
  },
  {
    when: ({ status }) => status === 408,
    outcome: 'temporary',
    code: 'sendgrid-request-incomplete',
    sentence: 'SendGrid did not get the whole request in time.',
  },
  {
    when: ({ status }) => status === 413,
    outcome: 'permanent',
    code: 'sendgrid-mail-too-large',
    sentence: 'The mail is larger than SendGrid takes.',
  },
  {
    when: ({ status }) => status === 429,
    outcome: 'busy',
    code: 'sendgrid-busy',
    sentence: 'SendGrid asks us to send more slowly.',
  },
  {
    when: ({ status }) => status === 503,
    outcome: 'temporary',
    code: 'sendgrid-unavailable',
    sentence: 'SendGrid is not available.',
  },
  {
    when: ({ status }) => status !== null && status >= 400 && status < 500,
    outcome: 'permanent',
    code: 'sendgrid-mail-refused',
    sentence: 'SendGrid refused the mail as invalid.',
  },
  {
    when: () => true,
    outcome: 'ambiguous',
    code: 'sendgrid-server-error',
    sentence: 'SendGrid failed while it handled the mail; it may have been sent.',
  },
]

/** The SDK's ResponseError, and axios' error for answers below 400 that are no success. */
const answered = z.object({
  response: z.object({ headers: z.unknown().optional(), status: z.int().optional() }),
  code: z.unknown().optional(),
})

/** The outcome of a failed SendGrid call. */
export function translate(error: unknown): Error {
  const { data } = answered.safeParse(error instanceof CallFailure ? error.vendorError : undefined)
  const code = data?.code
  return outcomeOf(sendgridTable, {
    ...boundsOf(error),
    status: data?.response.status ?? (typeof code === 'number' ? code : null),
    vendorCode: null,
    retryAfterMs: data ? retryAfterMs(data.response.headers, new Date()) : null,
  })
}

/** The refusal of one personalization: `personalizations.17.to.0.email`. */
const faultyFields = z.object({
  response: z.object({ body: z.object({ errors: z.array(z.object({ field: z.string().nullish() })) }) }),
})
const mailField = /^personalizations[.[](\d+)/

/**
 * What a failed call means for each mail of a batch. SendGrid refuses all of them for one it finds faulty: that one is refused
 * for good, and the others are as good as not sent.
 */
export function translateBatch(error: unknown, mails: number): MailAnswer[] {
  const whole = error instanceof CallFailure ? translate(error) : asError(error)
  const faulty = whole instanceof PermanentError && error instanceof CallFailure ? faultyMails(error.vendorError) : null
  return Array.from({ length: mails }, (_, index) => {
    if (faulty === null || faulty.size === 0 || faulty.has(index)) return { error: whole }
    return { error: new TemporaryError('sendgrid-batch-refused', 'SendGrid refused another mail of the same call.') }
  })
}

function faultyMails(vendorError: unknown): Set<number> {
  const { data } = faultyFields.safeParse(vendorError)
  const indexes = data?.response.body.errors.map(({ field }) => mailField.exec(field ?? '')?.[1]) ?? []
  return new Set(indexes.flatMap(index => (index === undefined ? [] : [Number(index)])))
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('SendGrid’s SDK threw something odd.', { cause: error })
}
