import { expect } from 'vitest'
import { until } from '../../../support/until.ts'
import { type Chapter, type Proof, value } from '../row.ts'

const carries =
  (data: Readonly<Record<string, string>>): Proof =>
  async journey => {
    const { booking, device } = await journey.confirmed()
    expect(await journey.push(device)).toMatchObject({ data: { ...data, booking_id: booking } })
  }

export const push: Chapter = {
  title: 'Push: NotificationService',
  about: '',
  rows: [
    value(
      ['class NotificationService', 'def NotificationService.__init__'],
      '`notifications.send`, for all channels at once',
      async ({ confirmed }) => {
        const { job } = await confirmed()
        expect(job).toMatchObject({ result: { channels: { push: 'send', email: 'send', sms: 'send' } } })
      },
    ),
    {
      guide: ['def NotificationService.send_push_notification'],
      here: '`POST /v1/notifications` with `channels` `["push"]`',
      jobs: ['notifications.decide', 'push.send'],
      fields: '`{to: {user_id}, title, body, data}`: the words of the guide; one push to each device of `fcm_tokens`',
      errors:
        'nobody to push to: `no-address` in `deliveries`, where the guide’s method returned silently; over 4,096 bytes: 422 `invalid-payload` with the size',
      proof: async journey => {
        const { stay, ask } = journey
        const said = { title: 'Séjour confirmé', body: 'Les clés sont à l’accueil.', data: { type: 'booking_update' } }
        const ofPush = async (user_id: string) => {
          const { id } = await ask('POST', '/v1/notifications', { to: { user_id }, ...said, channels: ['push'] }, 202)
          return await until(`notification ${String(id)} was decided`, async () => {
            const { deliveries } = await ask('GET', `/v1/notifications/${String(id)}`)
            return Array.isArray(deliveries) && deliveries.length > 0 ? deliveries : undefined
          })
        }
        const { guest, device } = await stay()
        await ofPush(guest)
        expect(await journey.push(device)).toMatchObject({ ...said, badge: 1 })

        const { guest: deviceless } = await stay({}, { fcm_tokens: [] })
        expect(await ofPush(deviceless)).toMatchObject([{ channel: 'push', reason: 'no-address' }])
      },
    },
    value(
      ['NotificationService.send_push_notification: click_action', 'FLUTTER_NOTIFICATION_CLICK'],
      '`data.click_action` = `FLUTTER_NOTIFICATION_CLICK`, unchanged',
      carries({ click_action: 'FLUTTER_NOTIFICATION_CLICK' }),
    ),
    value(
      ['NotificationService.send_push_notification: type'],
      '`data.type` = `booking_update` for all about a booking; `data.booking_id` is new',
      carries({ type: 'booking_update' }),
    ),
  ],
}
