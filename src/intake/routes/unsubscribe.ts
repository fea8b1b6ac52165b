import { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import type { Knex } from 'knex'
import type { Config } from '../../config/load.ts'
import { isDatabaseAway } from '../../db/database-away.ts'
import { hasUnsubscribed, lift, suppress } from '../../db/suppressions.ts'
import { type Subscription, type UnsubscribeTokens, unsubscribeTokens } from '../../unsubscribe/token.ts'
import { readBody } from '../http/read-body.ts'
import { tryAgainPage, unknownLinkPage, unsubscribePage, unsubscribeStyle } from '../pages/unsubscribe-page.ts'

/** A form of one field; as multipart/form-data it takes a few hundred bytes. */
const maxBodyBytes = 4_096
const retryAfterSeconds = 60
const path = '/unsubscribe/:token'

const policy = [
  "default-src 'none'",
  `style-src ${unsubscribeStyle}`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * Where the links in our mail lead that end such mail. Only a POST does: scanners of mailboxes follow every link. Mail
 * programs post `List-Unsubscribe=One-Click` without showing the page (RFC 8058), people press its button.
 */
export function unsubscribePages({ config, knex }: { readonly config: Config; readonly knex: Knex }): Router {
  const tokens = unsubscribeTokens(config.mail.unsubscribeSecrets)
  return Router().get(path, ask(knex, tokens)).post(path, act(knex, tokens)).use(path, tryAgain(tokens))
}

function ask(knex: Knex, tokens: UnsubscribeTokens): RequestHandler {
  return async (request, response) => {
    const subscription = subscriptionOf(tokens, request, response)
    if (subscription === null) return
    const ended = await hasUnsubscribed(knex, subscription)
    send(response, 200, unsubscribePage(subscription, ended ? 'unsubscribed' : 'subscribed'))
  }
}

function act(knex: Knex, tokens: UnsubscribeTokens): RequestHandler {
  return async (request, response) => {
    const subscription = subscriptionOf(tokens, request, response)
    if (subscription === null) return
    const body = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
    const asked = request.is('urlencoded') === false ? null : new URLSearchParams(body.toString()).get('do')
    const { addressSha256, category } = subscription
    const wish = { channel: 'email', addressSha256, category, reason: 'unsubscribed' } as const
    if (asked === 'subscribe') await lift(knex, wish)
    // Whatever else is posted to this address, it is to end such mail.
    else await suppress(knex, [{ ...wish, source: asked === null ? 'one-click' : 'page' }])
    send(response, 200, unsubscribePage(subscription, asked === 'subscribe' ? 'again' : 'unsubscribed'))
  }
}

/** What the link is about; for a link that is none of ours it answers, and there is nothing to do. */
function subscriptionOf(tokens: UnsubscribeTokens, request: Request, response: Response): Subscription | null {
  const subscription = tokens.open(String(request.params['token']))
  if (subscription === null) send(response, 404, unknownLinkPage())
  return subscription
}

function tryAgain(tokens: UnsubscribeTokens): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const subscription = isDatabaseAway(error) ? tokens.open(String(request.params['token'])) : null
    if (subscription === null || response.headersSent) next(error)
    else send(response.set('Retry-After', String(retryAfterSeconds)), 503, tryAgainPage(subscription))
  }
}

function send(response: Response, status: number, page: string): void {
  response
    .status(status)
    .set({ 'Content-Security-Policy': policy, 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
    .type('html')
    .send(page)
}
