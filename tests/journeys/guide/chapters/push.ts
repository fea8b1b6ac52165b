import { expect } from 'vitest'
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
      here: '`POST /v1/jobs/notifications.send`',
      jobs: ['notifications.send', 'push.send'],
      fields: '`user_id` as in the guide; title and body are the template’s, in the person’s language',
      errors: 'nobody to push to: `suppressed: no-address` in the result, where the guide’s method returned silently',
      proof: async journey => {
        const { device } = await journey.confirmed()
        const shown = await journey.push(device)
        expect(shown.title).toMatch(/\S/)
        expect(shown.body).toContain('Cabane dans les pins')

        const { job } = await journey.confirmed({ fcm_tokens: [] })
        expect(job).toMatchObject({ result: { channels: { push: 'suppressed: no-address' } } })
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
