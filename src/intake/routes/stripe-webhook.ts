import { hash } from 'node:crypto'
import { z } from 'zod'
import { absentVariable } from '../../config/absent.ts'
import { reactionTo } from '../../db/inbox-job.ts'
import type { StoreEvent } from '../../db/inbox-store.ts'
import { keptStripeEvent } from '../../domain/events/stripe-event.ts'
import { verifyStripeEvent } from '../../providers/stripe/events.ts'
import { domainAbsent } from '../http/domain-absent.ts'
import { Problem } from '../http/problem.ts'
import { readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { sendJson } from '../http/send-json.ts'
import { storing } from '../http/storing.ts'
import { strictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, outcomeUnknown, webhookAnswer } from '../webhooks/answer.ts'
import { readStripeEvent } from '../webhooks/read-stripe-event.ts'

const maxBodyBytes = 1_048_576

/** Stripe's signed events. Nothing reacts to them yet: they are kept, so that they can be replayed when something does. */
export function stripeWebhookRoute({ config, admit }: Intake, store: StoreEvent): Route {
  return {
    method: 'post',
    path: '/webhooks/stripe',
    operations: {
      '/webhooks/stripe': {
        id: 'receiveStripeEvent',
        tag: 'webhooks',
        summary: 'Receive an event of Stripe',
        about:
          'A signed event of a webhook endpoint. Of the object it is about only kind and id are stored. ' +
          'Nothing reacts to it yet.',
        scope: null,
        parameters: [
          {
            name: 'stripe-signature',
            in: 'header',
            about: 't=<Unix seconds>,v1=<hex HMAC-SHA256 of time and body>, within the last 300 s.',
            schema: z.string().optional(),
          },
        ],
        body: { schema: z.looseObject(keptStripeEvent.shape), maxBytes: maxBodyBytes },
        answer: { status: 200, about: 'Stored, now or before.', schema: webhookAnswer },
        problems: [
          'invalid-signature',
          'bad-json',
          'invalid-event',
          'event-id-reused',
          'body-too-large',
          'unsupported-media-type',
          'domain-absent',
          'database-away',
          'overloaded',
        ],
      },
    },
    async handler(request, response) {
      const absent = absentVariable(config, 'webhooks')
      if (absent !== null) throw domainAbsent('webhooks', absent)
      const { secrets } = config.webhooks.stripe
      if (secrets.length === 0) throw domainAbsent('webhooks', 'STRIPE_WEBHOOK_SECRET')
      response.once('close', admit(maxBodyBytes))

      const bytes = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
      const isSigned = await verifyStripeEvent(bytes, request.headers['stripe-signature'], secrets)
      if (!isSigned) throw new Problem('invalid-signature')
      const body = readStripeEvent(strictJson(bytes))
      // Not of the bytes: `pending_webhooks` may differ when the same event is sent again.
      const bodySha256 = hash('sha256', JSON.stringify(body))
      const kind = { source: 'stripe', type: body.type, entity: null } as const
      const stored = await storing(outcomeUnknown, () =>
        store({ ...kind, scheme: 'stripe', eventId: body.id, body, bodySha256 }, reactionTo(kind)),
      )
      sendJson(response, 200, answerOf(stored))
    },
  }
}
