import express, { Router } from 'express'
import { requireRole } from './guard.ts'
import { showLink, signInByLink } from './link-sign-in.ts'
import { showLogin, signInByPassword } from './password-sign-in.ts'
import type { OperatorDeps } from './routes.ts'
import { signOut } from './sessions.ts'

const maxFormBytes = 8_192
const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 10 })

/** `/login` by password, `/login/link/<token>` by one-time link, `/logout`. */
export function loginRoutes(deps: OperatorDeps): Router {
  const router = Router()
  router.get('/login', showLogin(deps))
  router.post('/login', form, signInByPassword(deps))
  router.get('/login/link/:token', showLink(deps))
  router.post('/login/link/:token', form, signInByLink(deps))
  router.post('/logout', requireRole(deps.knex, 'viewer'), form, signOut(deps))
  return router
}
