import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { type Answer, answerThrough } from '../answer.ts'
import type { EffectLog } from '../effects.ts'
import type { FaultList } from '../faults.ts'
import { sendStatusCallbacks } from './callback.ts'
import type { MessageList } from './messages.ts'
import * as refusals from './refusals.ts'

const MAX_FORM_BYTES = 64 * 1024
const MAX_BODY_CHARACTERS = 1_600
/** Ten hours (docs: https://www.twilio.com/docs/messaging/api/message-resource#request-body-parameters). */
const MAX_VALIDITY_SECONDS = 36_000
const DEFAULT_PAGE_SIZE = 50
const MAX_PAGE_SIZE = 1_000
/** The token that stands for a revoked one; every other token is good. */
const REFUSED_TOKEN = 'bad-token'

const form = z.object({
  To: z.string().optional(),
  From: z.string().optional(),
  Body: z.string().optional(),
  StatusCallback: z.string().optional(),
  ValidityPeriod: z.coerce.number().optional(),
})

const listQuery = z.object({
  To: z.string().optional(),
  'DateSent>': z.coerce.date().optional(),
  PageSize: z.coerce.number().int().min(1).max(MAX_PAGE_SIZE).default(DEFAULT_PAGE_SIZE),
  Page: z.coerce.number().int().min(0).default(0),
})

const refused = (refusal: refusals.Refusal): Answer => ({ status: refusal.status, body: refusals.refusalBody(refusal) })

/** The auth token of the account in the path, or undefined when Basic auth does not fit it. */
function tokenOf(request: Request<{ sid: string }>): string | undefined {
  const basic = request.get('authorization')?.match(/^Basic (\S+)$/)?.[1] ?? ''
  const [, user, token] =
    Buffer.from(basic, 'base64')
      .toString()
      .match(/^([^:]*):(.+)$/) ?? []
  return user === request.params.sid && token !== REFUSED_TOKEN ? token : undefined
}

const errorBody = (status: number) =>
  refusals.refusalBody(faultRefusals[status] ?? { status, code: 20_000 + status, message: `Sandbox fault ${status}` })

const faultRefusals: Readonly<Record<number, refusals.Refusal>> = {
  401: refusals.UNAUTHORIZED,
  429: { status: 429, code: 20429, message: 'Too Many Requests' },
}

/** Twilio's Messages resource (docs: https://www.twilio.com/docs/messaging/api/message-resource). */
export function twilioRoutes(effects: EffectLog, faults: FaultList, messages: MessageList): Router {
  const router = express.Router()
  const path = '/2010-04-01/Accounts/:sid/Messages.json'

  router.post(
    path,
    express.urlencoded({ extended: false, limit: MAX_FORM_BYTES }),
    (request: Request<{ sid: string }>, response: Response) => {
      effects.request('twilio')
      const asked = form.safeParse(request.body).data ?? {}
      answerThrough(faults, request, response, {
        provider: 'twilio',
        on: 'send',
        recipients: asked.To === undefined ? [] : [asked.To],
        errorBody,
        work: undelivered => create(request, asked, undelivered),
      })
    },
  )

  function create(
    request: Request<{ sid: string }>,
    { To: to, From: from, Body: body, StatusCallback: callback, ValidityPeriod: validity }: z.output<typeof form>,
    undelivered?: { readonly errorCode: number | null },
  ): Answer {
    const token = tokenOf(request)
    if (token === undefined) return refused(refusals.UNAUTHORIZED)
    if (!to) return refused(refusals.NO_RECIPIENT)
    if (!from) return refused(refusals.NO_SENDER)
    if (!body) return refused(refusals.NO_BODY)
    if (body.length > MAX_BODY_CHARACTERS) return refused(refusals.BODY_TOO_LONG)
    const refusal = refusals.REFUSED_SENDERS[from] ?? refusals.REFUSED_RECIPIENTS[to]
    if (refusal) return refused(refusal)
    if (!/^\+[1-9]\d{6,14}$/.test(to)) return refused(refusals.INVALID_NUMBER)
    if (validity !== undefined && !(validity >= 1 && validity <= MAX_VALIDITY_SECONDS))
      return refused(refusals.BAD_VALIDITY)
    const errorCode = undelivered?.errorCode ?? null
    const status = undelivered ? 'undelivered' : 'delivered'
    const message = messages.add(request.params.sid, { from, to, body, status, errorCode })
    effects.record({
      provider: 'twilio',
      id: message.sid,
      recipient: to,
      key: null,
      at: new Date(),
      content: { kind: 'sms', from, body, validSeconds: validity ?? null },
    })
    if (callback) setImmediate(() => void sendStatusCallbacks(callback, message, { status, errorCode }, token))
    return { status: 201, body: message }
  }

  router.get(path, (request: Request<{ sid: string }>, response: Response) => {
    const query = listQuery.safeParse(request.query)
    answerThrough(faults, request, response, {
      provider: 'twilio',
      on: 'list',
      recipients: query.data?.To === undefined ? [] : [query.data.To],
      errorBody,
      work() {
        if (tokenOf(request) === undefined) return refused(refusals.UNAUTHORIZED)
        if (!query.success) return refused({ status: 400, code: 20001, message: 'Invalid query parameter' })
        return { status: 200, body: page(request, query.data) }
      },
    })
  })

  function page(request: Request<{ sid: string }>, query: z.output<typeof listQuery>) {
    const { To: to, 'DateSent>': sentFrom, PageSize: size, Page: number } = query
    const all = messages.find({ account: request.params.sid, to, sentFrom })
    const start = number * size
    const own = `/2010-04-01/Accounts/${request.params.sid}/Messages.json`
    const uri = (wanted: number) => {
      const parameters = new URLSearchParams({ PageSize: String(size), Page: String(wanted) })
      if (to !== undefined) parameters.set('To', to)
      if (sentFrom !== undefined) parameters.set('DateSent>', sentFrom.toISOString())
      return `${own}?${parameters.toString()}`
    }
    return {
      messages: all.slice(start, start + size),
      page: number,
      page_size: size,
      start,
      end: Math.max(start, Math.min(start + size, all.length) - 1),
      uri: uri(number),
      first_page_uri: uri(0),
      next_page_uri: start + size < all.length ? uri(number + 1) : null,
      previous_page_uri: number > 0 ? uri(number - 1) : null,
    }
  }
  return router
}
