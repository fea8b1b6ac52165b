import { expect } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../../../src/config/load.ts'
import { settings } from '../journey.ts'
import { type Chapter, value } from '../row.ts'

const later = { notBuilt: 'notifications' }
const twilio = {
  NODE_ENV: 'test',
  TWILIO_SID: `AC${'1'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'of-the-guide',
  TWILIO_PHONE: 'HBNB',
}

export const communication: Chapter = {
  title: 'Templates and SMS: CommunicationService',
  about: 'Messages are told by template and person; addresses, languages and channels are ours to know.',
  rows: [
    value(
      ['class CommunicationService', 'def CommunicationService.__init__'],
      '`notifications.send`; mail and SMS have one job each, so that neither repeats the other',
      async ({ confirmed }) => {
        const { job } = await confirmed()
        expect(job['children']).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ name: 'email.send' }),
            expect.objectContaining({ name: 'sms.send' }),
          ]),
        )
      },
    ),
    {
      guide: ['def CommunicationService.send_template_email'],
      here: '`POST /v1/notifications` with SendGrid’s template id and its checked variables; our own templates work today, see [`notifications.send`](#e-mail-emailservice)',
      jobs: ['notifications.send'],
      fields: '`{to, template, data}`',
      errors: '404 `user-not-found`, 422 for a missing variable; never `False`',
      proof: later,
    },
    value(
      ['CommunicationService.send_template_email: returns status_code'],
      '202 with the ids of notification and job, in place of `True` and `False`',
      async ({ stay, ask }) => {
        const { guest } = await stay()
        const asked = { to: { user_id: guest }, template: 'welcome', channels: ['email'] }
        expect(await ask('POST', '/v1/notifications', asked, 202)).toMatchObject({
          id: expect.any(String),
          job_id: expect.any(String),
        })
      },
    ),
    value(
      ['FROM_EMAIL'],
      '`FROM_EMAIL`, by default `bookings@hbnb.com`; `REPLY_TO_EMAIL` for the answers',
      async ({ confirmed, mail }) => {
        const { email } = await confirmed()
        expect(await mail(email, /./)).toMatchObject({ from: settings.FROM_EMAIL })
        expect(loadConfig({ NODE_ENV: 'test' }).mail.senders.transactional.from).toBe('bookings@hbnb.com')
      },
    ),
    {
      guide: ['def CommunicationService.send_sms_notification'],
      here: '`POST /v1/notifications` to `{phone, country}`',
      jobs: ['notifications.decide', 'sms.send'],
      fields: '`{to: {phone, country}, body}`; Twilio’s `sid` is in the result of `sms.send`',
      errors: '422 for what is no number; one that cannot be reached is `results.sms: false`; never `None`',
      proof: async ({ ask, sms }) => {
        const to = { phone: '06 98 76 54 32', country: 'FR' }
        await ask('POST', '/v1/notifications', { to, body: 'Votre code\u00a0: 4711' }, 202)
        expect((await sms('+33698765432')).body).toBe('Votre code : 4711')
        await ask('POST', '/v1/notifications', { to: { ...to, phone: '06' }, body: 'Rien' }, 422)
      },
    },
    value(
      ['CommunicationService.send_sms_notification: returns sid'],
      '`message_id` in the result of `sms.send`',
      async ({ confirmed, ask }) => {
        const { job } = await confirmed()
        const children = z.array(z.object({ id: z.string(), name: z.string() })).parse(job['children'])
        const sms = children.find(({ name }) => name === 'sms.send')
        await expect
          .poll(() => ask('GET', `/v1/jobs/${sms?.id}`))
          .toMatchObject({ result: { message_id: expect.stringMatching(/^SM/) } })
      },
    ),
    value(['TWILIO_SID'], '`TWILIO_SID` of the workers', async () => {
      expect(loadConfig(twilio).twilio).toMatchObject({ accountSid: twilio.TWILIO_SID })
    }),
    value(['TWILIO_AUTH_TOKEN'], '`TWILIO_AUTH_TOKEN` of workers and intake', async () => {
      expect(loadConfig(twilio).twilio).toMatchObject({ authToken: twilio.TWILIO_AUTH_TOKEN })
    }),
    value(['TWILIO_PHONE'], '`TWILIO_PHONE`: a number, a short code or a name', async ({ confirmed, sms }) => {
      const { phone } = await confirmed()
      expect(await sms(phone)).toMatchObject({ from: settings.TWILIO_PHONE })
    }),
  ],
}
