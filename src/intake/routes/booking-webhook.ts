import { createHash } from 'node:crypto'
import { z } from 'zod'
import processEvent from '../../../queues/webhooks/process.ts'
import { absentVariable } from '../../config/absent.ts'
import { storeEvent } from '../../db/inbox-store.ts'
import { bookingEvent } from '../../domain/booking-event.ts'
import { newJob } from '../../ledger/new-job.ts'
import { domainAbsent } from '../http/domain-absent.ts'
import { readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { storing } from '../http/storing.ts'
import { strictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, outcomeUnknown, webhookAnswer } from '../webhooks/answer.ts'
import { readBookingEvent } from '../webhooks/read-event.ts'
import { bookingVerifier } from '../webhooks/verify-booking.ts'

const maxBodyBytes = 262_144

const text = z.string().optional()

/** The platform's booking events: verified raw, stored with their job in one commit, then acknowledged. */
export function bookingWebhookRoute({ config, knex }: Intake): Route {
  const verify = bookingVerifier(config.webhooks.booking.secrets, config.webhooks.booking.legacySignature)
  return {
    method: 'post',
    path: '/webhooks/booking',
    operations: {
      '/webhooks/booking': {
        id: 'receiveBookingEvent',
        tag: 'webhooks',
        summary: 'Receive a booking event of the platform',
        about:
          'Signed with Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature; a repeated id is answered ' +
          'with the first ids and stores nothing) or with X-Webhook-Signature, the hex HMAC-SHA256 of the body, which ' +
          'has no id and no time: equal bodies count as one event for 10 minutes. Unknown event types are stored and ignored.',
        scope: null,
        parameters: [
          { name: 'webhook-id', in: 'header', about: 'The id of the event, the same on every repeat.', schema: text },
          { name: 'webhook-timestamp', in: 'header', about: 'Unix seconds, within 300 s of now.', schema: text },
          {
            name: 'webhook-signature',
            in: 'header',
            about: 'One or more v1,<base64>, separated by spaces.',
            schema: text,
          },
          { name: 'x-webhook-signature', in: 'header', about: 'The weaker scheme; may be switched off.', schema: text },
        ],
        body: { schema: bookingEvent, maxBytes: maxBodyBytes },
        answer: { status: 200, about: 'Stored, now or before.', schema: webhookAnswer },
        problems: [
          'invalid-signature',
          'stale-timestamp',
          'bad-json',
          'invalid-event',
          'event-id-reused',
          'body-too-large',
          'unsupported-media-type',
          'domain-absent',
          'database-away',
        ],
      },
    },
    async handler(request, response) {
      const absent = absentVariable(config, 'webhooks')
      if (absent !== null) throw domainAbsent('webhooks', absent)

      const bytes = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
      const { scheme, eventId } = verify(bytes, request.headers)
      const { type, body, entity, ignoredBecause } = readBookingEvent(strictJson(bytes))

      const bodySha256 = createHash('sha256').update(bytes).digest('hex')
      const stored = await storing(outcomeUnknown, () =>
        storeEvent(
          knex,
          { source: 'booking', scheme, eventId, type, body, bodySha256, entity },
          ignoredBecause === null
            ? { job: inboxId => newJob(processEvent, { inbox_id: inboxId }, { entity }) }
            : { ignoredBecause },
        ),
      )
      response.json(answerOf(stored))
    },
  }
}
