import { hash } from 'node:crypto'
import { z } from 'zod'
import { reactionTo } from '../../db/inbox-job.ts'
import type { StoreEvent } from '../../db/inbox-store.ts'
import { replyTypes } from '../../domain/events/sms-reply.ts'
import type { Route } from '../http/route.ts'
import { storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'
import { outcomeUnknown } from '../webhooks/answer.ts'
import { readSmsReply } from '../webhooks/read-sms-reply.ts'
import { maxTwilioFormBytes, readTwilioForm, twilioFormType } from '../webhooks/read-twilio-form.ts'

/** SMS that people send to our number: STOP and START are one inbox row and one job, anything else is a row. */
export function twilioRepliesRoute(intake: Intake, store: StoreEvent): Route {
  return {
    method: 'post',
    path: '/webhooks/twilio/messages',
    operations: {
      '/webhooks/twilio/messages': {
        id: 'receiveSmsReply',
        tag: 'webhooks',
        summary: 'Receive an SMS that somebody sent us',
        about:
          'The webhook of a Twilio number for incoming messages. STOP, ARRET and the like stop all SMS to the number, START lifts that. Text and number are not stored.',
        scope: null,
        parameters: [
          {
            name: 'x-twilio-signature',
            in: 'header',
            about: 'Base64 HMAC-SHA1 of the address and the sorted fields.',
            schema: z.string().optional(),
          },
        ],
        body: {
          schema: z.looseObject({ MessageSid: z.string(), From: z.string(), Body: z.string().optional() }),
          mediaType: twilioFormType,
          maxBytes: maxTwilioFormBytes,
        },
        // Content would be TwiML: an answer that Twilio sends to them.
        answer: { status: 204, about: 'Stored, now or before; nobody is answered.', schema: null },
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
      const body = readSmsReply(await readTwilioForm(request, response, intake))
      const kind = { source: 'twilio', type: replyTypes[body.reply], entity: null } as const
      const event = { ...kind, scheme: 'twilio', eventId: body.MessageSid, body } as const
      const bodySha256 = hash('sha256', JSON.stringify(body))
      await storing(outcomeUnknown, () => store({ ...event, bodySha256 }, reactionTo(kind)))
      response.status(204).end()
    },
  }
}
