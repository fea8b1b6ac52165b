import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Config } from '../../config/load.ts'
import { readCookie, writeCookie } from './cookies.ts'

const cookieName = 'hbnb_form'
const nonceBytes = 24
const nonceShape = /^[\w-]{32}$/
const maxAgeMs = 12 * 3_600_000

/** The hidden field of a form shown before anybody is signed in: the browser's nonce, signed by us (double submit). */
export function issueFormToken(req: Request, res: Response, config: Config): string {
  const known = readCookie(req, cookieName)
  const nonce = known !== undefined && nonceShape.test(known) ? known : randomBytes(nonceBytes).toString('base64url')
  if (nonce !== known) writeCookie(res, cookieName, nonce, { secure: isSecure(config), maxAgeMs })
  return sign(nonce, config.session.secret)
}

/** Whether a posted form is one we showed to this very browser. */
export function isOurForm(req: Request, token: string, config: Config): boolean {
  const nonce = readCookie(req, cookieName)
  return nonce !== undefined && isSameOrigin(req, config) && isSame(token, sign(nonce, config.session.secret))
}

/** Compares two secrets in constant time. */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Cookies travel over TLS only, wherever the world reaches us by TLS. */
export function isSecure({ http }: Config): boolean {
  return http.publicUrl.startsWith('https:')
}

/** Browsers say where a form was posted from; programs say nothing and have no cookie of ours to abuse. */
export function isSameOrigin(req: Request, { http }: Config): boolean {
  const { origin, host } = req.headers
  const site = req.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false
  return origin === undefined || origin === new URL(http.publicUrl).origin || URL.parse(origin)?.host === host
}

function sign(nonce: string, secret: string): string {
  return createHmac('sha256', secret).update(`form:${nonce}`).digest('base64url')
}
