import type RequestClient from 'twilio/lib/base/RequestClient.js'
import { z } from 'zod'
import { Ambiguous } from '../../errors.ts'
import { BoundedHttpAgent, BoundedHttpsAgent, withinBounds } from '../call-failure.ts'
import type { Texter } from '../texter.ts'
import { TwilioRefusal, translateLookUp, translateSend } from './errors.ts'

/** The call's own bound ends a request earlier; this only moves the SDK's 30 s out of its way. */
const LONGEST_CALL_MS = 600_000
/** Messages to one number that a look-up reads: one page, and more than anybody gets while one send is in doubt. */
const MAX_MESSAGES_LOOKED_UP = 200
/** Twilio forgets what it could not send within ten hours, or sooner where it is asked to. */
const MAX_VALIDITY_SECONDS = 36_000

export interface TwilioOptions {
  readonly accountSid: string
  readonly authToken: string
  /** `https://api.twilio.com`, or the sandbox's `/twilio`. */
  readonly baseUrl: string
  /** Where Twilio tells how a message fares; null: nowhere. */
  readonly statusUrl: string | null
}

/** Twilio through its own SDK (docs: https://www.twilio.com/docs/messaging/api/message-resource). */
export function twilioTexter(options: TwilioOptions): Texter {
  let connected: ReturnType<typeof connect> | undefined
  const client = () => (connected ??= connect(options)) // Not before the first SMS: the SDK costs memory.
  return {
    provider: 'twilio',
    async send({ from, to, body, expiresAt, effectId }, call) {
      const { messages } = await client()
      const told = options.statusUrl === null ? {} : { statusCallback: `${options.statusUrl}?effect_id=${effectId}` }
      const sms = { from, to, body, ...told, ...validityOf(expiresAt) }
      const message = await withinBounds(call, () => messages.create(sms)).catch(error => {
        throw translateSend(error)
      })
      if (message.sid) return { id: message.sid }
      throw new Ambiguous('twilio-odd-answer', 'Twilio accepted the SMS but gave no id.')
    },
    async sentTo(to, since, call) {
      const { messages } = await client()
      // Not filtered by DateSent: a message still in Twilio's queue has none, and to miss it would mean to send it again.
      const page = { to, pageSize: MAX_MESSAGES_LOOKED_UP, limit: MAX_MESSAGES_LOOKED_UP }
      const found = await withinBounds(call, () => messages.list(page)).catch(error => {
        throw translateLookUp(error)
      })
      // Twilio's dates have no milliseconds: a message of the same second counts as after `since`.
      const from = Math.floor(since.getTime() / 1_000) * 1_000
      return found
        .map(({ sid, body, dateCreated }) => ({ id: sid, body, createdAt: dateCreated }))
        .filter(({ createdAt }) => createdAt.getTime() >= from)
        .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    },
  }
}

function validityOf(expiresAt: Date | null): { readonly validityPeriod?: number } {
  if (expiresAt === null) return {}
  const seconds = Math.floor((expiresAt.getTime() - Date.now()) / 1_000)
  return { validityPeriod: Math.min(MAX_VALIDITY_SECONDS, Math.max(1, seconds)) }
}

async function connect({ accountSid, authToken, baseUrl }: TwilioOptions) {
  const { default: twilio } = await import('twilio')
  /** Sends to our base, on sockets that obey the call's bounds, and keeps the headers of a refusal. */
  class BoundedClient extends twilio.RequestClient {
    constructor() {
      super({ autoRetry: false, keepAlive: false, timeout: LONGEST_CALL_MS })
      this.axios.defaults.httpAgent = new BoundedHttpAgent()
      this.axios.defaults.httpsAgent = new BoundedHttpsAgent()
    }
    override async request<T>(asked: RequestClient.RequestOptions<T>) {
      const { pathname, search } = new URL(asked.uri)
      const answer = await super.request<T>({ ...asked, uri: `${baseUrl}${pathname}${search}` })
      if (answer.statusCode < 300) return answer
      throw new TwilioRefusal(answer.statusCode, codeOf(answer.body), answer.headers)
    }
  }
  return twilio(accountSid, authToken, { httpClient: new BoundedClient() })
}

const refusalBody = z.object({ code: z.int() })
const codeOf = (body: unknown): number | null => refusalBody.safeParse(body).data?.code ?? null
