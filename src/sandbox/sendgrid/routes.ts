import { randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type Router } from 'express'
import type { z } from 'zod'
import { type Answer, answerThrough } from '../answer.ts'
import type { EffectLog } from '../effects.ts'
import type { FaultList } from '../faults.ts'
import type { MailEvents } from './events.ts'
import { mailSend, recipientsOf } from './mail-schema.ts'

const MAX_MAIL_BYTES = 30 * 1024 * 1024
/** The key that stands for a revoked one; every other key is good. */
const REFUSED_KEYS = ['bad-key', 'SG.bad-key']

const errorBody = (message: string, field: string | null = null) => ({ errors: [{ message, field, help: null }] })

function refusal(authorization: string | undefined): Answer | undefined {
  const key = authorization?.match(/^Bearer (\S+)$/)?.[1]
  if (key !== undefined && !REFUSED_KEYS.includes(key)) return undefined
  return { status: 401, body: errorBody('The provided authorization grant is invalid, expired, or revoked') }
}

const bodyErrors: ErrorRequestHandler = (error: { type?: string }, _request, response, _next) => {
  const tooLarge = error.type === 'entity.too.large'
  const message = tooLarge ? 'Content exceeds the maximum size of 30MB.' : 'Bad Request'
  response.status(tooLarge ? 413 : 400).json(errorBody(message))
}

/** SendGrid v3 mail sending (docs: https://www.twilio.com/docs/sendgrid/api-reference/mail-send). */
export function sendgridRoutes(effects: EffectLog, faults: FaultList, events: MailEvents): Router {
  const router = express.Router()
  router.post('/v3/mail/send', express.json({ limit: MAX_MAIL_BYTES }), (request, response) => {
    effects.request('sendgrid')
    const mail = mailSend.safeParse(request.body)
    answerThrough(faults, request, response, {
      provider: 'sendgrid',
      on: 'send',
      recipients: mail.data?.personalizations.flatMap(recipientsOf) ?? [],
      errorBody: status => errorBody(`Sandbox fault ${status}`),
      work() {
        const refused = refusal(request.get('authorization'))
        if (refused) return refused
        if (mail.success) return accept(mail.data, effects, events)
        return { status: 400, body: { errors: mail.error.issues.map(issueBody) } }
      },
    })
  })
  router.use(bodyErrors)
  return router
}

const issueBody = ({ message, path }: z.core.$ZodIssue) => ({ message, field: path.join('.') || null, help: null })

function accept(mail: SentMail, effects: EffectLog, events: MailEvents): Answer {
  const id = randomBytes(16).toString('base64url')
  const at = new Date()
  for (const each of mail.personalizations) {
    const customArgs = { ...mail.custom_args, ...each.custom_args }
    for (const recipient of recipientsOf(each)) {
      effects.record({
        provider: 'sendgrid',
        id,
        recipient,
        key: customArgs['effect_id'] ?? null,
        at,
        content: {
          kind: 'mail',
          from: mail.from.name === undefined ? mail.from.email : `${mail.from.name} <${mail.from.email}>`,
          ...wordsOf(mail, each),
          headers: { ...replyHeader(mail.reply_to), ...mail.headers, ...each.headers },
          customArgs,
          isOwed: mail.mail_settings?.bypass_unsubscribe_management?.enable === true,
        },
      })
      events.happened({ messageId: id, recipient, customArgs, at })
    }
  }
  return { status: 202, headers: { 'X-Message-Id': id } }
}

type SentMail = z.output<typeof mailSend>

/** What the mail says; of a template that only SendGrid has, its name and what it is given. */
function wordsOf(mail: SentMail, each: SentMail['personalizations'][number]) {
  const { template_id: id } = mail
  if (id === undefined) {
    const own = (text: string) => substituted(text, each.substitutions)
    const part = (type: string) => own(mail.content?.find(one => one.type === type)?.value ?? '')
    return { subject: own(each.subject ?? mail.subject ?? ''), html: part('text/html'), text: part('text/plain') }
  }
  const variables = each.dynamic_template_data ?? {}
  const text = `SendGrid writes this mail by its template, with:\n${JSON.stringify(variables, null, 2)}`
  return { subject: `Template ${id}`, html: '', text, template: { id, variables } }
}

/** In what no template of SendGrid's writes, each tag as it stands gives way to its text. */
function substituted(text: string, tags: Readonly<Record<string, string>> = {}): string {
  return Object.entries(tags).reduce((words, [tag, value]) => words.replaceAll(tag, () => value), text)
}

/** As the reader's mail program would see it. */
function replyHeader(replyTo: { email: string } | undefined): Record<string, string> {
  return replyTo === undefined ? {} : { 'Reply-To': replyTo.email }
}
