import { hash } from 'node:crypto'
import { z } from 'zod'
import { absentVariable } from '../../config/absent.ts'
import { reactionTo } from '../../db/inbox-job.ts'
import type { StoreEvent } from '../../db/inbox-store.ts'
import { eventsOfSource, type HbnbSource, hbnbSources } from '../../domain/events/hbnb-events.ts'
import { domainAbsent } from '../http/domain-absent.ts'
import type { Operation } from '../http/operation.ts'
import { readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { sendJson } from '../http/send-json.ts'
import { storing } from '../http/storing.ts'
import { strictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, outcomeUnknown, webhookAnswer } from '../webhooks/answer.ts'
import { readHbnbEvent } from '../webhooks/read-event.ts'
import { hbnbVerifier } from '../webhooks/verify-hbnb.ts'

/** A person with all the devices they may have is the biggest that comes. */
const maxBodyBytes = 262_144

const operationIds = {
  booking: 'receiveBookingEvent',
  payment: 'receivePaymentEvent',
  user: 'receiveUserEvent',
} as const

/** The doors of the platform's own events: verified raw, stored with their job in one commit, then acknowledged. */
export function hbnbWebhookRoutes(intake: Intake, store: StoreEvent): Route[] {
  return hbnbSources.map(source => hbnbWebhookRoute(source, intake, store))
}

function hbnbWebhookRoute(source: HbnbSource, { config, admit }: Intake, store: StoreEvent): Route {
  const path = `/webhooks/${source}`
  const verify = hbnbVerifier(config.webhooks[source])
  return {
    method: 'post',
    path,
    operations: { [path]: operationOf(source) },
    async handler(request, response) {
      const absent = absentVariable(config, 'webhooks')
      if (absent !== null) throw domainAbsent('webhooks', absent)
      if (config.webhooks[source].secrets.length === 0) {
        throw domainAbsent('webhooks', `WEBHOOK_SECRET_${source.toUpperCase()}`)
      }
      response.once('close', admit(maxBodyBytes))

      const bytes = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: false })
      const { scheme, eventId } = verify(bytes, request.headers)
      const { type, body, entity, ignoredBecause } = readHbnbEvent(source, strictJson(bytes))
      const stored = await storing(outcomeUnknown, () =>
        store(
          { source, scheme, eventId, type, body, bodySha256: hash('sha256', bytes), entity },
          ignoredBecause === null ? reactionTo({ source, type, entity }) : { ignoredBecause },
        ),
      )
      sendJson(response, 200, answerOf(stored))
    },
  }
}

const text = z.string().optional()

function operationOf(source: HbnbSource): Operation {
  return {
    id: operationIds[source],
    tag: 'webhooks',
    summary: `Receive a ${source} event of the platform`,
    about:
      'Signed with Standard Webhooks (webhook-id, webhook-timestamp, webhook-signature; a repeated id is answered ' +
      'with the first ids and stores nothing) or with X-Webhook-Signature, the hex HMAC-SHA256 of the body, which ' +
      'has no id and no time: equal bodies count as one event for 10 minutes. Events of unknown types, and of types that ' +
      'belong to another address, are stored and ignored.',
    scope: null,
    parameters: [
      {
        name: 'webhook-id',
        in: 'header',
        about: 'The id of the event, the same on every repeat: at most 200 letters, digits and _ : + / = @ -.',
        schema: text,
      },
      { name: 'webhook-timestamp', in: 'header', about: 'Unix seconds, within 300 s of now.', schema: text },
      { name: 'webhook-signature', in: 'header', about: 'One or more v1,<base64>, separated by spaces.', schema: text },
      { name: 'x-webhook-signature', in: 'header', about: 'The weaker scheme; may be switched off.', schema: text },
    ],
    body: { schema: eventsOfSource[source], maxBytes: maxBodyBytes },
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
      'overloaded',
    ],
  }
}
