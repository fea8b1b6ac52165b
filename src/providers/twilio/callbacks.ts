// Of the SDK only this file: the whole of it is 35 MB.
import { validateRequest } from 'twilio/lib/webhooks/webhooks.js'

/** What is signed, beside the fields: the address as Twilio has it, with its query. */
interface SignedRequest {
  readonly url: string
  readonly signature: string | readonly string[] | undefined
  /** The fields of the form; a name that came several times has all its values. */
  readonly fields: Readonly<Record<string, string | readonly string[]>>
}

/**
 * Whether Twilio signed this address with these fields (docs: https://www.twilio.com/docs/usage/webhooks/webhooks-security).
 * False for anything missing or malformed. There is no time in what is signed: what a callback says must not be undone by
 * an older one.
 */
export function verifyTwilioCallback({ url, signature, fields }: SignedRequest, authToken: string): boolean {
  if (typeof signature !== 'string' || signature === '') return false
  try {
    return validateRequest(authToken, signature, url, fields)
  } catch {
    return false // An address that cannot be parsed.
  }
}
