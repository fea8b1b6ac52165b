/** Why a number gets no SMS any more. */
export type NumberRefusal = 'opted-out' | 'invalid' | 'not-mobile' | 'bounced'

/** What an SMS that did not arrive means for those to come. */
export interface SmsFault {
  readonly number: NumberRefusal | null
  /** How long until it is sent once more, if that is still of use by then; null: never. */
  readonly againAfterMs: number | null
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

const gone = (number: NumberRefusal): SmsFault => ({ number, againAfterMs: null })
const nothingLearned: SmsFault = { number: null, againAfterMs: null }

/** The networks have taken the text for spam: it is the words that are refused, not the number. */
export const filteredFault = 30_007
/** The phone is switched off or out of reach: it passes, but not always. */
export const unreachableFault = 30_003
/** What Twilio says when it knows nothing; so do we when it says nothing. */
export const unknownFault = 30_008

/**
 * By Twilio's error code of an SMS that it had taken (https://www.twilio.com/docs/api/errors). An unreachable phone is worth
 * another try when it may be on again. An unknown error may hide an SMS that arrived, so one more is the most. What is
 * filtered is filtered again, and each time costs the sender more of its name.
 */
const faults: ReadonlyMap<number, SmsFault> = new Map([
  [unreachableFault, { number: null, againAfterMs: hourMs }],
  [30_004, gone('bounced')],
  [30_005, gone('invalid')],
  [30_006, gone('not-mobile')],
  [filteredFault, nothingLearned],
  [unknownFault, { number: null, againAfterMs: 5 * minuteMs }],
  [21_211, gone('invalid')],
  [21_610, gone('opted-out')],
  [21_614, gone('not-mobile')],
  [21_635, gone('not-mobile')],
])

/** What a code of the table means; of any other nothing is learned. */
export function smsFault(code: number): SmsFault {
  return faults.get(code) ?? nothingLearned
}

/** The same of an SMS that was not even taken, by the code of the error the adapter throws. */
export const numberRefusals: ReadonlyMap<string, NumberRefusal> = new Map([
  ['twilio-invalid-number', 'invalid'],
  ['twilio-unsubscribed', 'opted-out'],
  ['twilio-not-mobile', 'not-mobile'],
])
