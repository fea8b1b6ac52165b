import { hash } from 'node:crypto'
import { z } from 'zod'
import { absentVariable } from '../../config/absent.ts'
import { reactionTo } from '../../db/inbox-job.ts'
import type { StoreEvent } from '../../db/inbox-store.ts'
import { verifySendgridEvents } from '../../providers/sendgrid/events.ts'
import { domainAbsent } from '../http/domain-absent.ts'
import { Problem } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { sendJson } from '../http/send-json.ts'
import { storing } from '../http/storing.ts'
import { strictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, outcomeUnknown, webhookAnswer } from '../webhooks/answer.ts'
import { readSendgridEvents } from '../webhooks/read-sendgrid-events.ts'

/** SendGrid posts at most 768 kB at once. */
const maxBodyBytes = 1_048_576

const kind = { source: 'sendgrid', type: 'email.events', entity: null } as const
const text = z.string().optional()

/** SendGrid's signed Event Webhook: one post is one inbox row and one job. A repeated body stores nothing. */
export function sendgridWebhookRoute({ config, log, admit }: Intake, store: StoreEvent): Route {
  return {
    method: 'post',
    path: '/webhooks/sendgrid',
    operations: {
      '/webhooks/sendgrid': {
        id: 'receiveMailEvents',
        tag: 'webhooks',
        summary: 'Receive mail events of SendGrid',
        about:
          'The signed Event Webhook. Personal fields are not stored, but for a hash of an address that is not to be written to again.',
        scope: null,
        parameters: [
          { name: 'x-twilio-email-event-webhook-signature', in: 'header', about: 'ECDSA, base64.', schema: text },
          {
            name: 'x-twilio-email-event-webhook-timestamp',
            in: 'header',
            about: 'What is signed with the body.',
            schema: text,
          },
        ],
        body: {
          schema: z.array(z.looseObject({ event: z.string() })),
          maxBytes: maxBodyBytes,
        },
        answer: { status: 200, about: 'Stored, now or before.', schema: webhookAnswer },
        problems: [
          'invalid-signature',
          'bad-json',
          'invalid-event',
          'body-too-large',
          'unsupported-media-type',
          'domain-absent',
          'database-away',
          'overloaded',
        ],
      },
    },
    async handler(request, response) {
      const absent = absentVariable(config, 'email')
      if (absent !== null) throw domainAbsent('email', absent)
      const publicKey = config.mail.eventPublicKey
      if (publicKey === null) throw domainAbsent('email', 'SENDGRID_WEBHOOK_PUBLIC_KEY')
      response.once('close', admit(maxBodyBytes))

      const bytes = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
      if (!verifySendgridEvents(bytes, request.headers, publicKey)) throw new Problem('invalid-signature')
      const { events, leftOut } = readSendgridEvents(strictJson(bytes).value)
      if (leftOut > 0) log.warn({ left_out: leftOut }, 'mail events of an unknown form were left out')

      const bodySha256 = hash('sha256', bytes)
      const stored = await storing(outcomeUnknown, () =>
        store(
          {
            ...kind,
            scheme: 'sendgrid',
            eventId: `sha256:${bodySha256}`,
            body: events,
            bodySha256,
          },
          events.length > 0 ? reactionTo(kind) : { ignoredBecause: 'no event of a known form' },
        ),
      )
      sendJson(response, 200, answerOf(stored))
    },
  }
}
