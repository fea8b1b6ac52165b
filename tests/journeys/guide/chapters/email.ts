import { expect } from 'vitest'
import { loadConfig } from '../../../../src/config/load.ts'
import { settings } from '../journey.ts'
import { type Chapter, value } from '../row.ts'

export const email: Chapter = {
  title: 'E-mail: EmailService',
  about: '',
  rows: [
    value(
      ['class EmailService', 'def EmailService.__init__'],
      'the channel `email` of `notifications.send`; an app holds no key of SendGrid any more',
      async ({ confirmed }) => {
        const { job } = await confirmed()
        expect(job).toMatchObject({ result: { channels: { email: 'send' } } })
      },
    ),
    value(['SENDGRID_API_KEY'], '`SENDGRID_API_KEY` of the workers', async () => {
      const { sendgrid } = loadConfig({ NODE_ENV: 'test', SENDGRID_API_KEY: 'SG.of-the-guide' })
      expect(sendgrid).toMatchObject({ apiKey: 'SG.of-the-guide' })
    }),
    {
      guide: ['def EmailService.send_booking_confirmation'],
      here: '`booking.confirmed` sends it; by hand `POST /v1/jobs/notifications.send`',
      jobs: ['notifications.send', 'email.send'],
      fields: '`{user_id, template: "booking-confirmation", booking_id}`; answers `{id, state, …}`',
      errors: '422 `invalid-payload`; a refused mail is an `error` of the job, never a silent `return`',
      proof: async ({ confirmed, mail }) => {
        const { job, email: to } = await confirmed()
        expect(job).toMatchObject({ state: 'completed' })
        expect(await mail(to, /^Confirmation de réservation/)).toMatchObject({ from: settings.FROM_EMAIL })
      },
    },
    value(
      ['EmailService.send_booking_confirmation: returns status_code'],
      '202 with `id` and `state` of the job; SendGrid’s message id is in the result of its `email.send`',
      async ({ stay, intake, ask }) => {
        const { booking, guest } = await stay({ status: 'confirmed' })
        const payload = { user_id: guest, template: 'booking-confirmation', booking_id: booking }
        const answer = await intake.send('POST', '/v1/jobs/notifications.send', payload)
        expect(answer).toMatchObject({ status: 202, json: { id: expect.any(String), state: 'waiting' } })
        await expect
          .poll(() => ask('GET', `/v1/jobs?name=email.send&entity=booking:${booking}&state=completed`))
          .toMatchObject({ jobs: [{ state: 'completed' }] })
      },
    ),
    value(
      ['template emails/booking_confirmation.html'],
      'template `booking-confirmation`, in French and English, with a text part; its data are read from what was told of the booking',
      async ({ confirmed, mail }) => {
        const { email: to } = await confirmed()
        const { html, text } = await mail(to, /Confirmation/)
        for (const part of [html, text]) {
          for (const fact of [/Camille/, /Cabane dans les pins/, /12 décembre 2026/, /840,50/])
            expect(part).toMatch(fact)
        }
      },
    ),
  ],
}
