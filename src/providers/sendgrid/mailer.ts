import type { ClientRequest } from '@sendgrid/client/src/request.js'
import { z } from 'zod'
import { Ambiguous } from '../../errors.ts'
import { BoundedHttpAgent, BoundedHttpsAgent, CallFailure, withinBounds } from '../call-failure.ts'
import type { Mailer } from '../mailer.ts'
import type { ProviderCall } from '../provider-call.ts'
import { translate, translateBatch } from './errors.ts'
import { batchToSdk, toSdk } from './message.ts'

const MAX_ANSWER_BYTES = 1024 * 1024
/** "The total number of recipients must be no more than 1000" (SendGrid, "Mail Send" limitations). */
const MAX_MAILS_PER_CALL = 1_000

export interface SendgridOptions {
  readonly apiKey: string
  /** `https://api.sendgrid.com`, `https://api.eu.sendgrid.com`, or the sandbox's `/sendgrid`. */
  readonly baseUrl: string
}

/** SendGrid v3 through its own SDK (docs: https://www.twilio.com/docs/sendgrid/api-reference/mail-send). */
export function sendgridMailer(options: SendgridOptions): Mailer {
  let service: ReturnType<typeof connect> | undefined
  async function post(mail: ReturnType<typeof toSdk | typeof batchToSdk>, call: ProviderCall): Promise<{ id: string }> {
    service ??= connect(options) // Not before the first mail: the SDK costs memory in workers that never send one.
    const sdk = await service
    const [answer] = await withinBounds(call, () => sdk.send(mail))
    return { id: messageId(answer.headers) }
  }
  return {
    provider: 'sendgrid',
    maxMailsPerCall: MAX_MAILS_PER_CALL,
    async send(mail, call) {
      return await post(toSdk(mail), call).catch(error => {
        throw error instanceof CallFailure ? translate(error) : error
      })
    },
    async sendBatch(batch, call) {
      const { readers } = batch
      if (readers.length > MAX_MAILS_PER_CALL) throw new RangeError(`At most ${MAX_MAILS_PER_CALL} mails per call.`)
      try {
        const answer = await post(batchToSdk(batch), call)
        return readers.map(() => answer)
      } catch (error) {
        return translateBatch(error, readers.length)
      }
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

const accepted = z.object({ 'x-message-id': z.string().min(1) })

function messageId(headers: unknown): string {
  const { data } = accepted.safeParse(headers)
  if (data) return data['x-message-id']
  throw new Ambiguous('sendgrid-odd-answer', 'SendGrid accepted the mail but gave no message id.')
}
