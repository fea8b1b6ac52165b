import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { endSession, openSession, sessionHours } from '../../db/sessions.ts'
import { sendMessage } from '../pages/message-page.ts'
import { readCookie, writeCookie } from './cookies.ts'
import { isSame, isSameOrigin, isSecure } from './form-token.ts'
import { sessionCookie, sessionOf } from './guard.ts'
import type { OperatorDeps } from './routes.ts'

const maxFieldChars = 500
/** A field of a form; a missing or overlong one is empty. */
export const formField = z.string().max(maxFieldChars).catch('')
const signOutForm = z.object({ form_token: formField })

/** Opens a session under a new token, whatever the browser brought, and goes on to `next`. */
export async function signIn(
  { config, knex, log }: OperatorDeps,
  req: Request,
  res: Response,
  { email, next }: { email: string; next: string },
): Promise<void> {
  const old = readCookie(req, sessionCookie)
  if (old !== undefined) await endSession(knex, old)
  const { token } = await openSession(knex, email)
  writeCookie(res, sessionCookie, token, { secure: isSecure(config), maxAgeMs: sessionHours * 3_600_000 })
  log.info('an operator signed in')
  res.redirect(303, next)
}

export function signOut({ config, knex }: OperatorDeps): RequestHandler {
  return async (req, res) => {
    const { form_token } = signOutForm.parse(req.body ?? {})
    if (!isSameOrigin(req, config) || !isSame(form_token, sessionOf(res).csrf)) {
      sendMessage(res, 403, 'Not signed out', 'This form was too old. Go back and try again.')
      return
    }
    await endSession(knex, readCookie(req, sessionCookie) ?? '')
    writeCookie(res, sessionCookie, '', { secure: isSecure(config), maxAgeMs: 0 })
    res.redirect(303, '/login')
  }
}
