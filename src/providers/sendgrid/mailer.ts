import type { ClientRequest } from '@sendgrid/client/src/request.js'
import { z } from 'zod'
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

const toSdk = ({ from, to, replyTo, subject, html, text, locale, customArgs }: Mail) => ({
  from,
  to,
  ...(replyTo === undefined ? {} : { replyTo }),
  subject,
  // SendGrid wants the plain part first.
  content: [
    { type: 'text/plain', value: text },
    { type: 'text/html', value: html },
  ] as [{ type: string; value: string }, { type: string; value: string }],
  headers: { 'Content-Language': locale },
  customArgs: { ...customArgs },
  trackingSettings: {
    clickTracking: { enable: false, enableText: false },
    openTracking: { enable: false },
    subscriptionTracking: { enable: false },
  },
})

const accepted = z.object({ 'x-message-id': z.string().min(1) })

function messageId(headers: unknown): string {
  const { data } = accepted.safeParse(headers)
  if (data) return data['x-message-id']
  throw new Ambiguous('sendgrid-odd-answer', 'SendGrid accepted the mail but gave no message id.')
}
