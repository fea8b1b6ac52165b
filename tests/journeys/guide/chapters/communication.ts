import { expect } from 'vitest'
import { z } from 'zod'
import { loadConfig } from '../../../../src/config/load.ts'
import { sendgridTemplate, settings } from '../journey.ts'
import { type Chapter, value } from '../row.ts'

/** The guide's `data`. */
const data = { first_name: 'Zoé', place_name: 'Gîte « l’Œuf »' }
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
      here: '`POST /v1/notifications` with SendGrid’s template id; the ids there are, and what each needs, are in `SENDGRID_TEMPLATES`',
      jobs: ['notifications.decide', 'email.send'],
      fields: '`{to: {user_id}, mail_template, variables, category}`; `variables` is the guide’s `data`',
      errors: '404 `user-not-found`, 422 naming each missing variable; never `False`',
      async proof({ stay, ask, mail }) {
        const { guest, email } = await stay()
        const asked = { to: { user_id: guest }, mail_template: sendgridTemplate, category: 'booking' }
        const refused = await ask('POST', '/v1/notifications', { ...asked, variables: {} }, 422)
        expect(refused).toMatchObject({ errors: [{ field: '/variables/first_name' }] })
        await ask('POST', '/v1/notifications', { ...asked, to: { user_id: 'nobody' }, variables: data }, 404)
        await ask('POST', '/v1/notifications', { ...asked, variables: data }, 202)
        const sent = await mail(email, new RegExp(sendgridTemplate))
        expect(sent).toMatchObject({ from: settings.FROM_EMAIL, template: { id: sendgridTemplate, variables: data } })
      },
    },
    value(
      ['CommunicationService.send_template_email: returns status_code'],
      '202 with the ids of job and notification, in place of `True` and `False`; whether it was sent is `results.email` of `GET /v1/notifications/{id}`',
      async ({ stay, ask }) => {
        const { guest } = await stay()
        const asked = { to: { user_id: guest }, mail_template: sendgridTemplate, variables: data, category: 'booking' }
        const { id, job_id } = await ask('POST', '/v1/notifications', asked, 202)
        expect(job_id).toBe(id)
        await expect
          .poll(async () => await ask('GET', `/v1/notifications/${String(id)}`))
          .toMatchObject({ template: sendgridTemplate, results: { email: true, sms: false, push: false } })
      },
    ),
    value(
      ['FROM_EMAIL'],
      '`FROM_EMAIL`, by default `bookings@hbnb.com`; `REPLY_TO_EMAIL` for the answers; news, offers and service mail may have senders of their own',
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
