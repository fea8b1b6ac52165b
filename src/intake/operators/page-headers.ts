import type { RequestHandler } from 'express'
import { styleSource } from '../pages/layout.ts'

/** Nothing but our own inline style sheet: no script, no frame, no outside address. */
const policy = [
  "default-src 'none'",
  `style-src ${styleSource}`,
  'img-src data:',
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every page for people. Whoever is signed in differs by cookie, so nothing may be kept by a cache. */
export const pageHeaders: RequestHandler = (_req, res, next) => {
  res.set({
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
    // Not `no-referrer`: browsers then post our own forms with `Origin: null`.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Robots-Tag': 'noindex',
  })
  next()
}
