import { expect } from 'vitest'
import { insertNotification, type NewNotification } from '../../../src/db/notifications.ts'
import { newJobId } from '../../../src/ledger/job-id.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenStay, type StayChoices } from '../../support/platform-rows.ts'
import type { World } from '../../support/world.ts'

const title = 'Votre code'

/** Keeps a notification to the guest of a stay. Answers the payload of the job that decides it. */
async function given({ database: { knex } }: World, id: string, own: Partial<NewNotification>, stay?: StayChoices) {
  await givenStay(knex, id, stay)
  const words = own.template === undefined ? { title, body: '4711' } : {}
  const notification = { id: newJobId(), user_id: `guest-${id}`, locale: 'fr' as const, data: {}, push_data: {} }
  await insertNotification(knex, { ...notification, entity: null, category: 'account', ...words, ...own })
  return { notification_id: notification.id }
}

const mailsTo = async ({ control }: World, id: string) =>
  (await control.effects({ recipient: `guest-${id}@example.test` })).map(({ content }) => content)

describeJob('notifications.decide', {
  'sends each channel once': {
    given: async (world, id) => await given(world, id, {}),
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ result: { channels: { push: 'send', email: 'send', sms: 'send' } } })
      expect(await mailsTo(world, id)).toMatchObject([{ subject: title }])
    },
  },
  'keeps to what it has decided, though its reader has changed their mind since': {
    given: async (world, id) => await given(world, id, { channels: ['email'] }),
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ result: { channels: { email: 'send', push: 'not asked for' } } })
      expect(await mailsTo(world, id)).toHaveLength(1)
      await world.database
        .knex('platform.users')
        .where({ id: `guest-${id}` })
        .update({ email_notifications_enabled: false })
    },
  },
  'says what a template says, with what its sender sends along': {
    given: async (world, id) =>
      await given(
        world,
        id,
        { template: 'booking-confirmation', template_version: 1, data: { booking_id: id }, push_data: { type: 'own' } },
        { status: 'confirmed' },
      ),
    async after({ control }, _outcome, id) {
      const [push] = await control.effects({ recipient: `token-${id}` })
      expect(push?.content).toMatchObject({
        data: { click_action: 'FLUTTER_NOTIFICATION_CLICK', booking_id: id, type: 'own' },
      })
    },
  },
  'tells nobody what was taken back before': {
    given: async (world, id) => await given(world, id, { cancelled_at: new Date() }),
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'cancelled' })
      expect(await mailsTo(world, id)).toEqual([])
    },
  },
  'tells nobody what came too late': {
    given: async (world, id) => await given(world, id, { expires_at: new Date(Date.now() - 1_000) }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'expired' })
    },
  },
  'has nobody to tell whom the platform has deleted': {
    async given(world, id) {
      await world.database.knex('platform.versions').insert({ kind: 'user', id, version: 2, digest: null })
      return await given(world, id, { user_id: id })
    },
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'skipped', reason: 'erased' })
    },
  },
  'fails for good when there is no such notification': {
    given: async () => ({ notification_id: '01900000-0000-7000-8000-000000000000' }),
    async after(_, outcome) {
      expect(outcome).toMatchObject({ outcome: 'failed', error: { code: 'unknown-notification' } })
    },
  },
})
