import type { RequestHandler, Response } from 'express'
import { z } from 'zod'
import { isLinkGood, spendLink } from '../../db/sessions.ts'
import { linkPage } from '../pages/login-page.ts'
import { sendMessage } from '../pages/message-page.ts'
import { isOurForm, issueFormToken } from './form-token.ts'
import { safeNext } from './next-path.ts'
import type { OperatorDeps } from './routes.ts'
import { formField, signIn } from './sessions.ts'

const linkForm = z.object({ form_token: formField, next: formField })

type LinkHandler = RequestHandler<{ token: string }>

export function showLink({ config, knex }: OperatorDeps): LinkHandler {
  return async (req, res) => {
    if (!(await isLinkGood(knex, req.params.token))) return sendSpent(res)
    res.send(linkPage({ formToken: issueFormToken(req, res, config), next: safeNext(req.query['next']) }))
  }
}

/** Only the button spends the link: mail scanners and chat previews follow links, but press nothing. */
export function signInByLink(deps: OperatorDeps): LinkHandler {
  return async (req, res) => {
    const { form_token, next } = linkForm.parse(req.body ?? {})
    if (!isOurForm(req, form_token, deps.config)) return res.redirect(303, req.originalUrl)
    const email = await spendLink(deps.knex, req.params.token)
    if (email === undefined) return sendSpent(res)
    await signIn(deps, req, res, { email, next: safeNext(next) })
  }
}

function sendSpent(res: Response): void {
  sendMessage(res, 410, 'This link is spent', 'It was used already, or is older than 15 minutes. Ask for a new one.')
}
