import { expect } from 'vitest'
import { legacyHeaders } from '../../../support/sign-webhook.ts'
import { secrets } from '../journey.ts'
import { type Chapter, value } from '../row.ts'

const door = '/webhooks/booking'
const body = (id: string) => JSON.stringify({ event: 'booking.reviewed', booking_id: id })

export const webhooks: Chapter = {
  title: 'Webhooks',
  about:
    'The platform posts, as before; the door verifies the raw bytes, stores the event, answers, and a queue does the rest. ' +
    'Prefer [Standard Webhooks](https://www.standardwebhooks.com) to the guide’s signature: it also protects against replays. ' +
    'Both are in [`hbnb_jobs.py`](upstream/hbnb_jobs.py).',
  rows: [
    {
      guide: ['def verify_webhook_signature'],
      here: 'done at each door of `/webhooks/…` before the body is parsed; `sign_webhook` and `standard_headers` sign, `verify_webhook` checks what we send',
      jobs: [],
      fields: 'the same function: lower-case hex HMAC-SHA256 of the body',
      errors: '401 `invalid-signature`, also when there is no header; 401 `stale-timestamp` (Standard Webhooks)',
      proof: async ({ intake }) => {
        const text = body('signed')
        expect(await intake.send('POST', door, text, legacyHeaders(text, secrets.new))).toMatchObject({ status: 200 })
        expect(await intake.send('POST', door, `${text} `, legacyHeaders(text, secrets.new))).toMatchObject({
          status: 401,
        })
        expect(await intake.send('POST', door, text)).toMatchObject({ status: 401 })
      },
    },
    value(
      ['header X-Webhook-Signature'],
      '`X-Webhook-Signature`, or the three headers of Standard Webhooks',
      async ({ intake }) => {
        const text = body('header')
        const { 'x-webhook-signature': signature = '' } = legacyHeaders(text, secrets.new)
        const answer = await intake.send('POST', door, text, { 'X-Webhook-Signature': signature })
        expect(answer.status).toBe(200)
      },
    ),
    value(
      ['WEBHOOK_SECRET'],
      '`WEBHOOK_SECRET`: a list while it is changed, the newest first; `WEBHOOK_SECRET_BOOKING`, `_PAYMENT`, `_USER` for one source',
      async ({ intake }) => {
        for (const secret of [secrets.new, secrets.old]) {
          const text = body(`secret-${secret}`)
          expect(await intake.send('POST', door, text, legacyHeaders(text, secret))).toMatchObject({ status: 200 })
        }
      },
    ),
    {
      guide: ['route /webhooks/booking', 'def booking_webhook'],
      here: '`POST /webhooks/booking`, and `/webhooks/payment`, `/webhooks/user` for the other events',
      jobs: ['webhooks.process'],
      fields:
        '`event`, `booking_id` as in the guide; `sequence` and `data` are better told too ([from Flask](upstream/flask.md))',
      errors: '401 `invalid-signature`, 422 `invalid-event` naming each field, 422 `event-id-reused`',
      proof: async ({ intake, stay, tell }) => {
        const { booking } = await stay()
        const { status, json } = await tell({ event: 'booking.created', booking_id: booking })
        expect(status).toBe(200)
        const job = await intake.send('GET', `/v1/jobs/${String(json['job_id'])}`)
        expect(job.json).toMatchObject({ name: 'webhooks.process', entity: `booking:${booking}` })
      },
    },
    value(
      ['booking_webhook: event'],
      '`event`; an unknown one is kept as `ignored`, with the reason',
      async ({ tell }) => {
        const answer = await tell({ event: 'booking.reviewed', booking_id: 'unknown-type' })
        expect(answer).toMatchObject({ status: 200, json: { status: 'ignored' } })
      },
    ),
    value(
      ['booking_webhook: booking_id'],
      '`booking_id`; without it 422 `invalid-event`, not a crash',
      async ({ tell }) => {
        const answer = await tell({ event: 'booking.confirmed' })
        expect(answer).toMatchObject({
          status: 422,
          json: { type: '/problems/invalid-event', errors: [expect.objectContaining({ field: '/booking_id' })] },
        })
      },
    ),
    value(
      ['booking_webhook: error'],
      '401 with `application/problem+json`: `type` `/problems/invalid-signature` in place of `error`',
      async ({ intake }) => {
        const text = body('error')
        const answer = await intake.send('POST', door, text, legacyHeaders(text, 'of-somebody-else'))
        expect(answer).toMatchObject({ status: 401, json: { type: '/problems/invalid-signature', status: 401 } })
        expect(answer.headers.get('content-type')).toContain('application/problem+json')
      },
    ),
    value(
      ['booking_webhook: status'],
      '`status`: `accepted`, `duplicate` or `ignored`; the guide’s `processed` would be early, the work follows in a job',
      async ({ stay, tell }) => {
        const { booking } = await stay()
        const event = { event: 'booking.created', booking_id: booking }
        const first = await tell(event)
        const { event_id, job_id } = first.json
        expect(first.json).toEqual({ status: 'accepted', event_id, job_id: expect.any(String) })
        expect((await tell(event)).json).toEqual({ status: 'duplicate', event_id, job_id })
      },
    ),
    {
      guide: ['calls process_booking_confirmation'],
      here: 'nothing to call: `booking.confirmed` does it',
      jobs: ['webhooks.process', 'notifications.send'],
      fields: '',
      errors: 'a booking nobody has told us of is waited for, then the job fails as `unknown-booking`',
      proof: async ({ stay, tell, mail, ask }) => {
        const { booking, email } = await stay()
        await tell({ event: 'booking.confirmed', booking_id: booking })
        await mail(email, /Confirmation de réservation/)
        expect(await ask('GET', `/v1/bookings/${booking}`)).toMatchObject({ status: 'confirmed' })
      },
    },
    {
      guide: ['calls process_booking_cancellation'],
      here: 'nothing to call: `booking.cancelled` does it, and takes back the reminders that wait',
      jobs: ['webhooks.process', 'notifications.send'],
      fields: '',
      errors: 'as above',
      proof: async ({ stay, tell, mail, ask }) => {
        const { booking, email } = await stay()
        await tell({ event: 'booking.cancelled', booking_id: booking })
        await mail(email, /^Réservation annulée/)
        expect(await ask('GET', `/v1/bookings/${booking}`)).toMatchObject({ status: 'cancelled' })
      },
    },
  ],
}
