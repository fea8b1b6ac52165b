import { CallFailure } from '../call-failure.ts'
import { boundsOf, type OutcomeRow, outcomeOf } from '../outcome-table.ts'
import { retryAfterMs } from '../retry-after.ts'

/** An answer of 300 or more: what the SDK's own error drops (the headers), without what must not be kept (the message). */
export class TwilioRefusal extends Error {
  readonly status: number
  readonly code: number | null
  readonly headers: unknown
  constructor(status: number, code: number | null, headers: unknown) {
    super(`Twilio answered ${status}.`)
    this.status = status
    this.code = code
    this.headers = headers
  }
}

/**
 * What each failure of a Twilio call means. Creating a message has no idempotency key, and Twilio says that repeating
 * after a 500 can send twice (https://www.twilio.com/docs/api/errors/20500), so a lost answer is never repeated blindly.
 * Codes: https://www.twilio.com/docs/api/errors
 */
export const twilioTable: readonly OutcomeRow[] = [
  {
    when: ({ status, mayHaveBeenSent }) => status === null && !mayHaveBeenSent,
    outcome: 'temporary',
    code: 'twilio-unreachable',
    sentence: 'Twilio could not be reached; nothing was sent.',
  },
  {
    when: ({ status, outOfTime }) => status === null && outOfTime,
    outcome: 'ambiguous',
    code: 'twilio-timeout',
    sentence: 'Twilio did not answer in time; the SMS may have been sent.',
  },
  {
    when: ({ status }) => status === null,
    outcome: 'ambiguous',
    code: 'twilio-answer-lost',
    sentence: 'The connection to Twilio broke; the SMS may have been sent.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21610,
    outcome: 'permanent',
    code: 'twilio-unsubscribed',
    sentence: 'The recipient has unsubscribed from this sender.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21211,
    outcome: 'permanent',
    code: 'twilio-invalid-number',
    sentence: 'The number is not a valid phone number.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21614 || vendorCode === 21635,
    outcome: 'permanent',
    code: 'twilio-not-mobile',
    sentence: 'The number cannot receive SMS.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21612,
    outcome: 'permanent',
    code: 'twilio-unroutable',
    sentence: 'Twilio has no route from this sender to this number.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21408,
    outcome: 'permanent',
    code: 'twilio-region-not-enabled',
    sentence: 'This account may not send SMS to that country.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21617,
    outcome: 'permanent',
    code: 'twilio-sms-too-long',
    sentence: 'The SMS is longer than 1,600 characters.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21606 || vendorCode === 21212,
    outcome: 'config',
    code: 'twilio-sender-refused',
    sentence: 'Twilio does not accept the configured sender.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 21608,
    outcome: 'config',
    code: 'twilio-trial-account',
    sentence: 'This trial account may only send to verified numbers.',
  },
  {
    when: ({ status, vendorCode }) => status === 429 || vendorCode === 20429,
    outcome: 'busy',
    code: 'twilio-busy',
    sentence: 'Twilio asks us to send more slowly.',
  },
  {
    when: ({ status, vendorCode }) => status === 401 || status === 403 || vendorCode === 20003,
    outcome: 'config',
    code: 'twilio-credentials-refused',
    sentence: 'Twilio refused the account or its token.',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    outcome: 'config',
    code: 'twilio-wrong-address',
    sentence: 'The configured Twilio account or address does not exist.',
  },
  {
    when: ({ status }) => status === 408,
    outcome: 'temporary',
    code: 'twilio-request-incomplete',
    sentence: 'Twilio did not get the whole request in time.',
  },
  {
    when: ({ status }) => status === 503,
    outcome: 'temporary',
    code: 'twilio-unavailable',
    sentence: 'Twilio is not available.',
  },
  {
    when: ({ status }) => status !== null && status >= 400 && status < 500,
    outcome: 'permanent',
    code: 'twilio-sms-refused',
    sentence: 'Twilio refused the SMS as invalid.',
  },
  {
    when: () => true,
    outcome: 'ambiguous',
    code: 'twilio-server-error',
    sentence: 'Twilio failed while it handled the SMS; it may have been sent.',
  },
]

/** A look-up has no effect: what would be a doubt after a send may simply be asked again. */
const lookUpTable: readonly OutcomeRow[] = twilioTable.map(row =>
  row.outcome === 'ambiguous' || row.outcome === 'permanent'
    ? {
        ...row,
        outcome: 'temporary',
        code: 'twilio-look-up-failed',
        sentence: 'Twilio could not be asked what was sent.',
      }
    : row,
)

/** The outcome of a failed send. */
export const translateSend = (error: unknown): Error => translate(twilioTable, error)

/** The outcome of a failed look-up: never Ambiguous. */
export const translateLookUp = (error: unknown): Error => translate(lookUpTable, error)

function translate(table: readonly OutcomeRow[], error: unknown): Error {
  const refusal =
    error instanceof CallFailure && error.vendorError instanceof TwilioRefusal ? error.vendorError : undefined
  return outcomeOf(table, {
    ...boundsOf(error),
    status: refusal?.status ?? null,
    vendorCode: refusal?.code ?? null,
    retryAfterMs: refusal ? retryAfterMs(refusal.headers, new Date()) : null,
  })
}
