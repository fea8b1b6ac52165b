import type { Request, RequestHandler, Response } from 'express'
import type { Knex } from 'knex'
import { type Role, roles } from '../../db/operators.ts'
import { findSession, type Session } from '../../db/sessions.ts'
import { Problem } from '../http/problem.ts'
import { sendMessage } from '../pages/message-page.ts'
import { readCookie } from './cookies.ts'

export const sessionCookie = 'hbnb_session'

const sessions = new WeakMap<object, Session>()

/** Lets people of this role or above pass; others are sent to sign in (pages) or refused as a problem (programs). */
export function requireRole(knex: Knex, role: Role): RequestHandler {
  return async (req, res, next) => {
    const token = readCookie(req, sessionCookie)
    const session = token === undefined ? undefined : await findSession(knex, token)
    if (!session) {
      if (req.method !== 'GET' || !wantsPage(req)) throw new Problem('not-signed-in', { detail: 'sign in at /login' })
      res.redirect(303, `/login?next=${encodeURIComponent(req.originalUrl)}`)
    } else if (!hasRole(session, role)) {
      const detail = `This needs the role ${role}; yours is ${session.role}.`
      if (!wantsPage(req)) throw new Problem('role-missing', { detail })
      sendMessage(res, 403, 'Not yours to do', detail, { visitor: session })
    } else {
      sessions.set(res, session)
      next()
    }
  }
}

/** Whether a person has this role or one above it. */
export function hasRole({ role }: Session, wanted: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(wanted)
}

/** The person a guarded request came from. */
export function sessionOf(res: Response): Session {
  const session = sessions.get(res)
  if (!session) throw new Error('this route is not guarded by requireRole')
  return session
}

/** Whether the answer is for a person's eyes; a program that takes anything gets JSON. */
export function wantsPage(req: Request): boolean {
  return req.accepts(['json', 'html']) === 'html'
}
