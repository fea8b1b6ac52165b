import { hash } from 'node:crypto'
import { z } from 'zod'
import { reactionTo } from '../../db/inbox-job.ts'
import type { StoreEvent } from '../../db/inbox-store.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { sendJson } from '../http/send-json.ts'
import { storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'
import { answerOf, outcomeUnknown, webhookAnswer } from '../webhooks/answer.ts'
import { readSmsCallback } from '../webhooks/read-sms-callback.ts'
import { maxTwilioFormBytes, readTwilioForm, twilioFormType } from '../webhooks/read-twilio-form.ts'

const query = z.strictObject({
  effect_id: z.uuid().optional().meta({ description: 'the effect whose message this is about, as we asked for it' }),
})

/** Twilio's status callbacks: one post is one inbox row and one job. */
export function twilioWebhookRoute(intake: Intake, store: StoreEvent): Route {
  return {
    method: 'post',
    path: '/webhooks/twilio',
    operations: {
      '/webhooks/twilio': {
        id: 'receiveSmsStatus',
        tag: 'webhooks',
        summary: 'Receive how an SMS of Twilio fared',
        about: 'A signed status callback. Numbers and text of the message are not stored.',
        scope: null,
        parameters: [
          ...queryParameters(query),
          {
            name: 'x-twilio-signature',
            in: 'header',
            about: 'Base64 HMAC-SHA1 of the address and the sorted fields.',
            schema: z.string().optional(),
          },
        ],
        body: {
          schema: z.looseObject({
            MessageSid: z.string(),
            MessageStatus: z.string(),
            ErrorCode: z.string().optional(),
          }),
          mediaType: twilioFormType,
          maxBytes: maxTwilioFormBytes,
        },
        answer: { status: 200, about: 'Stored, now or before.', schema: webhookAnswer },
        problems: [
          'invalid-signature',
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
      const fields = await readTwilioForm(request, response, intake)
      const body = readSmsCallback(fields, queryOf(request, query).effect_id)
      const kind = { source: 'twilio', type: `sms.${body.MessageStatus}`, entity: null } as const
      const stored = await storing(outcomeUnknown, () =>
        store(
          {
            ...kind,
            scheme: 'twilio',
            eventId: [body.MessageSid, body.MessageStatus, body.ErrorCode ?? 0, body.effect_id ?? ''].join(':'),
            body,
            bodySha256: hash('sha256', JSON.stringify(body)),
          },
          body.effect_id === null ? { ignoredBecause: 'it names no effect of ours' } : reactionTo(kind),
        ),
      )
      sendJson(response, 200, answerOf(stored))
    },
  }
}
