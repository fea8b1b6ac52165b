import { expect } from 'vitest'
import { type Chapter, type Proof, value } from '../row.ts'

const later = { notBuilt: 'notifications' }
const send = 'NotificationService.send_multi_channel_notification'

/** The channel tells how it was decided, and the message arrives by its own job. */
const tells =
  (channel: 'push' | 'email' | 'sms'): Proof =>
  async ({ confirmed }) => {
    const { job } = await confirmed()
    expect(job).toMatchObject({ result: { channels: { [channel]: 'send' } } })
    expect(job['children']).toContainEqual(expect.objectContaining({ name: `${channel}.send` }))
  }

export const channels: Chapter = {
  title: 'All channels: NotificationService',
  about: '',
  rows: [
    {
      guide: [`def ${send}`],
      here: '`POST /v1/jobs/notifications.send`',
      jobs: ['notifications.send', 'email.send', 'sms.send', 'push.send'],
      fields: '`{user_id, template, booking_id?, payment_id?}`; `results` are `result.channels` of the job',
      errors: 'each channel has a job: one that fails is repeated, and the others are not',
      proof: async ({ confirmed, mail, sms, push }) => {
        const { email, phone, device } = await confirmed()
        await Promise.all([mail(email, /./), sms(phone), push(device)])
      },
    },
    {
      guide: ['error UserNotFoundError'],
      here: '`user-not-found` on the job: it waits up to a day for somebody the platform has not told us of yet, then fails',
      jobs: ['notifications.send'],
      fields: '',
      errors: '`user-not-found`',
      proof: async ({ ask }) => {
        const payload = { user_id: 'nobody', template: 'welcome' }
        const { id } = await ask('POST', '/v1/jobs/notifications.send', payload, 202)
        await expect
          .poll(() => ask('GET', `/v1/jobs/${String(id)}`), { timeout: 20_000 })
          .toMatchObject({
            attempts: 0,
            next_at: expect.any(String),
            attempts_log: [
              expect.objectContaining({
                ending: 'not-yet',
                error: expect.objectContaining({ code: 'user-not-found' }),
              }),
            ],
          })
      },
    },
    value([`${send}: push`], '`result.channels.push`: `send`, or `suppressed: …` with the reason', tells('push')),
    value(
      [`${send}: email`, 'calls email_service.send_notification'],
      '`result.channels.email`, and the job `email.send` below it',
      tells('email'),
    ),
    value(
      [`${send}: sms`, 'calls sms_service.send_notification'],
      '`result.channels.sms`, and the job `sms.send` below it',
      tells('sms'),
    ),
    value(
      ['class SMSService'],
      '`sms.send`, which `notifications.send` makes: texts in GSM-7 where the language allows',
      async ({ confirmed, sms }) => {
        const { phone } = await confirmed()
        expect((await sms(phone)).body).toContain('Cabane dans les pins')
      },
    ),
    value([`${send}: title`], '`title` of `POST /v1/notifications`; today titles are those of templates', later),
    value([`${send}: body`], '`body` of `POST /v1/notifications`; today texts are those of templates', later),
    value(
      [`${send}: data`],
      '`data` of `POST /v1/notifications`; today a push carries `click_action`, `type` and its ids',
      later,
    ),
  ],
}
