/** An error as Twilio's REST API answers it (docs: https://www.twilio.com/docs/usage/twilios-response). */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly message: string
}

export const UNAUTHORIZED: Refusal = { status: 401, code: 20003, message: 'Authenticate' }
export const NO_RECIPIENT: Refusal = { status: 400, code: 21604, message: "A 'To' phone number is required." }
export const NO_SENDER: Refusal = { status: 400, code: 21603, message: "A 'From' phone number is required." }
export const NO_BODY: Refusal = { status: 400, code: 21602, message: 'Message body is required.' }
export const BODY_TOO_LONG: Refusal = {
  status: 400,
  code: 21617,
  message: 'The concatenated message body exceeds the 1600 character limit.',
}
export const BAD_VALIDITY: Refusal = { status: 400, code: 20001, message: 'Invalid ValidityPeriod' }
export const INVALID_NUMBER: Refusal = { status: 400, code: 21211, message: "Invalid 'To' Phone Number" }

/** Twilio's magic test numbers (docs: https://www.twilio.com/docs/iam/test-credentials), and three more of the same kind. */
export const REFUSED_RECIPIENTS: Readonly<Record<string, Refusal>> = {
  '+15005550001': INVALID_NUMBER,
  '+15005550002': { status: 400, code: 21612, message: "The 'To' phone number is not currently reachable." },
  '+15005550003': {
    status: 400,
    code: 21408,
    message: 'Permission to send an SMS has not been enabled for the region.',
  },
  '+15005550004': { status: 400, code: 21610, message: 'Attempt to send to unsubscribed recipient' },
  '+15005550009': { status: 400, code: 21614, message: "'To' number is not a valid mobile number" },
  '+15005550011': { status: 400, code: 21635, message: "'To' number cannot be a Landline" },
  '+15005550012': { status: 400, code: 21608, message: 'The number is unverified. Trial accounts cannot send to it.' },
}
export const REFUSED_SENDERS: Readonly<Record<string, Refusal>> = {
  '+15005550001': { status: 400, code: 21212, message: "Invalid 'From' Number" },
  '+15005550007': { status: 400, code: 21606, message: "The 'From' phone number is not a valid, SMS-capable number." },
}

/** Refusal to body. */
export const refusalBody = ({ status, code, message }: Refusal) => ({
  code,
  message,
  more_info: `https://www.twilio.com/docs/errors/${code}`,
  status,
})
