import type { Request, RequestHandler } from 'express'
import type { Config } from '../../config/load.ts'
import type { Session } from '../../db/sessions.ts'
import { BoardRefusal } from './board-refusal.ts'
import { readCookie } from './cookies.ts'
import { isSame, isSameOrigin, isSecure } from './form-token.ts'
import { sessionOf } from './guard.ts'

/** Where the board's own HTTP client (axios) looks for a token. */
const cookieName = 'XSRF-TOKEN'
/** Where it puts the token on requests to its own origin. */
export const tokenHeader = 'x-xsrf-token'
const maxOriginChars = 200

/** Gives the board's script the token of this session. It must be able to read the cookie, and no other site can. */
export function giveBoardToken(config: Config, path: string): RequestHandler {
  return (req, res, next) => {
    const { csrf } = sessionOf(res)
    if (readCookie(req, cookieName) !== csrf) {
      res.cookie(cookieName, csrf, { httpOnly: false, sameSite: 'strict', secure: isSecure(config), path })
    }
    next()
  }
}

/** The origin of the page a request comes from, as the browser says; null when it says nothing. */
export function originOf({ headers }: Request): string | null {
  const said = headers.origin ?? (headers.referer === undefined ? undefined : URL.parse(headers.referer)?.origin)
  return said?.slice(0, maxOriginChars) ?? null
}

/**
 * Refuses a change that our own page did not ask for: the browser must say that it comes from us, and `token` must be
 * that of this very session, which only a page of our origin can read (OWASP CSRF cheat sheet: signed double submit).
 */
export function expectOwnPage(req: Request, { csrf }: Session, config: Config, token: string): void {
  const origin = originOf(req)
  const isOurs = origin === new URL(config.http.publicUrl).origin || URL.parse(origin ?? '')?.host === req.headers.host
  if (!isOurs || !isSameOrigin(req, config)) {
    throw new BoardRefusal(403, 'Not from our page', 'This was asked from another site, so it was not done.')
  }
  if (!isSame(token, csrf)) {
    throw new BoardRefusal(403, 'This page is too old', 'You signed in again since. Reload the page and repeat it.')
  }
}
