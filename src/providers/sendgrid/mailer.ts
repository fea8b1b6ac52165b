import type { ClientRequest } from '@sendgrid/client/src/request.js'
import { z } from 'zod'
import { oneLine } from '../../domain/notifications/one-line.ts'
import { Ambiguous } from '../../errors.ts'
import { BoundedHttpAgent, BoundedHttpsAgent, withinBounds } from '../call-failure.ts'
import type { Mail, Mailer } from '../mailer.ts'
import { translate } from './errors.ts'

const MAX_ANSWER_BYTES = 1024 * 1024

export interface SendgridOptions {
  readonly apiKey: string
  /** `https://api.sendgrid.com`, `https://api.eu.sendgrid.com`, or the sandbox's `/sendgrid`. */
  readonly baseUrl: string
}

/** SendGrid v3 through its own SDK (docs: https://www.twilio.com/docs/sendgrid/api-reference/mail-send). */
export function sendgridMailer(options: SendgridOptions): Mailer {
  let service: ReturnType<typeof connect> | undefined
  return {
    provider: 'sendgrid',
    async send(mail, call) {
      service ??= connect(options) // Not before the first mail: the SDK costs memory in workers that never send one.
      const sdk = await service
      const [answer] = await withinBounds(call, () => sdk.send(toSdk(mail))).catch(error => {
        throw translate(error)
      })
      return { id: messageId(answer.headers) }
    },
  }
}

async function connect({ apiKey, baseUrl }: SendgridOptions) {
  const [{ default: sharedClient }, { default: sharedService }] = await Promise.all([
    import('@sendgrid/client'),
    import('@sendgrid/mail'),
  ])
  // The SDK exports shared instances; their constructors give us our own, so that two mailers do not share a key.
  const Client = constructorOf<typeof sharedClient>().parse(sharedClient.constructor)
  const Service = constructorOf<typeof sharedService>().parse(sharedService.constructor)
  const transport = {
    httpAgent: new BoundedHttpAgent(),
    httpsAgent: new BoundedHttpsAgent(),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
  }
  class BoundedClient extends Client {
    override createRequest(data: ClientRequest): ClientRequest {
      return { ...super.createRequest(data), ...transport }
    }
  }
  const client = new BoundedClient()
  client.setDefaultHeader('Authorization', `Bearer ${apiKey}`) // setApiKey would reset the base and write to the console.
  client.setDefaultRequest('baseUrl', baseUrl)
  const service = new Service()
  service.setClient(client)
  return service
}

const constructorOf = <T>() => z.custom<new () => T>(value => typeof value === 'function')

const toSdk = (mail: Mail) => ({
  from: mail.from,
  to: mail.to,
  ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
  ...wordsOf(mail),
  headers: { 'Content-Language': mail.locale, ...listHeaders(mail) },
  customArgs: { ...mail.customArgs },
  trackingSettings: {
    clickTracking: { enable: false, enableText: false },
    openTracking: { enable: false },
    subscriptionTracking: { enable: false },
  },
})

function wordsOf(mail: Mail) {
  if ('templateId' in mail) {
    // The SDK would write to the console about each variable with an apostrophe; SendGrid's templates escape what they show.
    return { templateId: mail.templateId, dynamicTemplateData: { ...mail.variables }, hideWarnings: true }
  }
  // SendGrid wants the plain part first.
  const content: [MailPart, MailPart] = [
    { type: 'text/plain', value: mail.text },
    { type: 'text/html', value: mail.html },
  ]
  // Names and titles of strangers stand in a subject: what breaks its line would begin a header of their own.
  return { subject: oneLine(mail.subject), content }
}

interface MailPart {
  readonly type: string
  readonly value: string
}

/** RFC 8058, 3.1: both together let a mail program end such mail with one POST of its own. */
function listHeaders({ unsubscribeUrl }: Mail): Record<string, string> {
  if (unsubscribeUrl === undefined) return {}
  return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}

const accepted = z.object({ 'x-message-id': z.string().min(1) })

function messageId(headers: unknown): string {
  const { data } = accepted.safeParse(headers)
  if (data) return data['x-message-id']
  throw new Ambiguous('sendgrid-odd-answer', 'SendGrid accepted the mail but gave no message id.')
}
