import { expect } from 'vitest'
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
      '202 with the ids of job and notification, in place of `True` and `False`',
      later,
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
      here: '`POST /v1/notifications` to `{phone, country}`; to a person, the SMS of a template works today, see [`notifications.send`](#e-mail-emailservice)',
      jobs: ['notifications.send', 'sms.send'],
      fields: '`{to: {phone, country}, body}`; Twilio’s `sid` is in the job’s result',
      errors: 'a number that cannot be reached fails the job; never `None`',
      proof: later,
    },
    value(
      ['CommunicationService.send_sms_notification: returns sid'],
      '`message_id` in the result of `sms.send`',
      later,
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
