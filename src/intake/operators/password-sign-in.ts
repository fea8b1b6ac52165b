import type { RequestHandler } from 'express'
import { z } from 'zod'
import { isPasswordOf, operatorEmail } from '../../db/operators.ts'
import { loginPage } from '../pages/login-page.ts'
import { attemptLimit } from './attempt-limit.ts'
import { isOurForm, issueFormToken } from './form-token.ts'
import { safeNext } from './next-path.ts'
import type { OperatorDeps } from './routes.ts'
import { formField, signIn } from './sessions.ts'

const accountRule = { max: 10, windowMs: 600_000, maxKeys: 10_000 }
/** More than per account: a whole office may come from one address. */
const addressRule = { ...accountRule, max: 50 }
const refusal = 'This address and password do not belong together.'
const loginForm = z.object({ form_token: formField, email: formField, password: formField, next: formField })

export function showLogin({ config }: OperatorDeps): RequestHandler {
  return (req, res) => {
    res.send(loginPage({ formToken: issueFormToken(req, res, config), next: safeNext(req.query['next']) }))
  }
}

/** Checks a password. Every refusal reads the same, and tries are counted per network address and per account. */
export function signInByPassword(deps: OperatorDeps): RequestHandler {
  const { config, knex, log } = deps
  const byAddress = attemptLimit(addressRule)
  const byAccount = attemptLimit(accountRule)

  return async (req, res) => {
    const given = loginForm.parse(req.body ?? {})
    const next = safeNext(given.next)
    const showAgain = (status: number, message: string): void => {
      res.status(status).send(loginPage({ formToken: issueFormToken(req, res, config), next, message }))
    }
    if (!isOurForm(req, given.form_token, config)) return showAgain(403, 'This form was too old. Please try again.')

    const address = req.ip ?? ''
    const account = given.email.trim().toLowerCase()
    const waitMs = Math.max(byAddress.take(address), byAccount.take(account))
    if (waitMs > 0) {
      res.set('Retry-After', String(Math.ceil(waitMs / 1_000)))
      return showAgain(429, `Too many tries. Please wait ${Math.ceil(waitMs / 60_000)} min, or use a sign-in link.`)
    }
    const email = operatorEmail.safeParse(given.email)
    // Also an address that is none costs the time of a check, so that answers tell nothing.
    if (!(await isPasswordOf(knex, email.data ?? '', given.password)) || !email.success) {
      log.warn('a sign-in was refused')
      return showAgain(401, refusal)
    }
    byAddress.forget(address)
    byAccount.forget(account)
    await signIn(deps, req, res, { email: email.data, next })
  }
}
