import { expect } from 'vitest'
import { until } from '../../../support/until.ts'
import type { Journey } from '../journey.ts'
import { type Chapter, type Proof, value } from '../row.ts'
import type { Stay } from '../stay.ts'

const send = 'NotificationService.send_multi_channel_notification'
const notification = {
  title: 'Votre hôte vous écrit',
  body: 'Les clés sont chez la boulangère, à côté de l’église.',
  data: { type: 'booking_update', booking_id: '42' },
}

type Told = Stay & { readonly shown: Awaited<ReturnType<Journey['ask']>> }

/** Makes the guide's call, for somebody new; answers what became of it once all channels are done. */
async function tellAll({ stay, ask }: Journey, guest: Readonly<Record<string, unknown>> = {}): Promise<Told> {
  const told = await stay({}, guest)
  const asked = { to: { user_id: told.guest }, ...notification }
  const { id } = await ask('POST', '/v1/notifications', asked, 202)
  const shown = await until(`notification ${String(id)} was sent`, async () => {
    const now = await ask('GET', `/v1/notifications/${String(id)}`)
    return now['state'] === 'sent' ? now : undefined
  })
  return { ...told, shown }
}

/** The channel has its own result, and its own job. */
const tells =
  (channel: 'push' | 'email' | 'sms', silenced: Readonly<Record<string, unknown>>): Proof =>
  async journey => {
    const { shown } = await tellAll(journey)
    expect(shown).toMatchObject({ results: { [channel]: true } })
    const { shown: silent } = await tellAll(journey, silenced)
    expect(silent).toMatchObject({ results: { [channel]: false } })
  }

export const channels: Chapter = {
  title: 'All channels: NotificationService',
  about: '',
  rows: [
    {
      guide: [`def ${send}`],
      here: '`POST /v1/notifications`',
      jobs: ['notifications.decide', 'email.send', 'sms.send', 'push.send'],
      fields:
        '`{to: {user_id}, title, body, data}`; `results` `{push, email, sms}` are told at `GET /v1/notifications/{id}`',
      errors:
        'each channel has a job: one that fails is repeated, and the others are not; of one that is not used the reason is kept',
      proof: async journey => {
        const { email, phone, device, shown } = await tellAll(journey)
        expect(shown).toMatchObject({ results: { push: true, email: true, sms: true } })
        await Promise.all([journey.mail(email, /./), journey.sms(phone), journey.push(device)])
      },
    },
    {
      guide: ['error UserNotFoundError'],
      here: '404 of `POST /v1/notifications`; a job waits up to a day for somebody the platform has not told us of yet',
      jobs: ['notifications.decide'],
      fields: '',
      errors: '`user-not-found`',
      proof: async ({ ask }) => {
        const asked = { to: { user_id: 'nobody' }, ...notification }
        expect(await ask('POST', '/v1/notifications', asked, 404)).toMatchObject({ type: '/problems/user-not-found' })
      },
    },
    value(
      [`${send}: push`],
      '`results.push`; with the reason in `deliveries` where it is `false`',
      tells('push', { fcm_tokens: [] }),
    ),
    value(
      [`${send}: email`, 'calls email_service.send_notification'],
      '`results.email`, by the job `email.send`',
      tells('email', { email_notifications_enabled: false }),
    ),
    value(
      [`${send}: sms`, 'calls sms_service.send_notification'],
      '`results.sms`, by the job `sms.send`',
      tells('sms', { sms_notifications_enabled: false }),
    ),
    value(
      ['class SMSService'],
      '`sms.send`, which `notifications.send` makes: texts in GSM-7 where the language allows',
      async ({ confirmed, sms }) => {
        const { phone } = await confirmed()
        expect((await sms(phone)).body).toContain('Cabane dans les pins')
      },
    ),
    value([`${send}: title`], '`title`: of the push, the mail and the inbox', async journey => {
      const { email, device } = await tellAll(journey)
      expect(await journey.push(device)).toMatchObject({ title: notification.title })
      expect(await journey.mail(email, /./)).toMatchObject({ subject: notification.title })
    }),
    value(
      [`${send}: body`],
      '`body`: plain text; an SMS is this alone, in GSM-7 where the language allows',
      async journey => {
        const { email, phone, device } = await tellAll(journey)
        expect(await journey.push(device)).toMatchObject({ body: notification.body })
        expect((await journey.mail(email, /./)).text).toContain(notification.body)
        expect((await journey.sms(phone)).body).toBe("Les clés sont chez la boulangère, à coté de l'église.")
      },
    ),
    value([`${send}: data`], '`data`, texts only: what the push carries', async journey => {
      const { device } = await tellAll(journey)
      expect(await journey.push(device)).toMatchObject({ data: notification.data })
    }),
  ],
}
