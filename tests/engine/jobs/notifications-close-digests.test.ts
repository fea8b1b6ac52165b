import { expect } from 'vitest'
import { newJobId } from '../../../src/ledger/job-id.ts'
import { describeJob } from '../../support/describe-job.ts'
import { givenStay } from '../../support/platform-rows.ts'
import type { World } from '../../support/world.ts'

const dayMs = 86_400_000

interface Said {
  readonly title: string
  readonly body?: string
  readonly read_at?: Date
  readonly cancelled_at?: Date
  readonly category?: 'message' | 'news'
  readonly urgency?: 'low' | 'normal'
}

/** Somebody who has no devices, and is told these things; none of them is sent yet. */
async function given(world: World, id: string, said: readonly Said[]) {
  const { knex } = world.database
  await givenStay(knex, id, { devices: [], phone: null })
  for (const [index, one] of said.entries()) {
    const notification = newJobId()
    const written = { category: 'message', urgency: 'low', body: 'Bonjour !', ...one }
    const told = { id: notification, user_id: `guest-${id}`, locale: 'fr', data: {}, created_at: new Date(index) }
    const { read_at, cancelled_at, ...before } = { read_at: null, cancelled_at: null, ...written }
    await knex('hbnb_jobs.notifications').insert({ ...told, ...before })
    const job = await world.accept(world.contract('notifications.decide'), { notification_id: notification })
    expect(await world.ended(job)).toMatchObject({ outcome: 'completed' })
    await knex('hbnb_jobs.notifications').where({ id: notification }).update({ read_at, cancelled_at })
  }
  // Each digest has closed by then, and those that later cases make have not.
  return { at: new Date(Date.now() + 2 * dayMs).toISOString() }
}

const mailsTo = async ({ control }: World, id: string) =>
  (await control.effects({ recipient: `guest-${id}@example.test` })).map(({ content }) => content)

describeJob('notifications.close-digests', {
  'tells many things at once': {
    async given(world, id) {
      const payload = await given(world, id, [
        { title: 'Nour', body: 'À quelle heure ?' },
        { title: 'Léa <3\nBcc: x@y.z' },
      ])
      expect(await mailsTo(world, id)).toEqual([])
      return payload
    },
    async after(world, outcome, id) {
      expect(outcome).toMatchObject({ outcome: 'completed' })
      const [mail, ...others] = await mailsTo(world, id)
      expect(others).toEqual([])
      expect(mail).toMatchObject({ kind: 'mail', subject: '2 messages vous attendent' })
      const text = mail?.kind === 'mail' ? mail.text : ''
      expect(text).toContain('Nour\u00a0: À quelle heure ?')
      expect(text).toContain('Léa <3 Bcc: x@y.z\u00a0: Bonjour !')
    },
  },
  'tells a single thing as it is': {
    given: async (world, id) => await given(world, id, [{ title: 'Nour vous a écrit' }]),
    async after(world, _, id) {
      expect(await mailsTo(world, id)).toMatchObject([{ kind: 'mail', subject: 'Nour vous a écrit' }])
    },
  },
  'leaves out what was read or cancelled since': {
    given: async (world, id) =>
      await given(world, id, [
        { title: 'Lu', read_at: new Date() },
        { title: 'Reste' },
        { title: 'Repris', cancelled_at: new Date() },
      ]),
    async after(world, _, id) {
      expect(await mailsTo(world, id)).toMatchObject([{ kind: 'mail', subject: 'Reste' }])
    },
  },
  'tells nothing when all was read': {
    given: async (world, id) => await given(world, id, [{ title: 'Lu', read_at: new Date() }]),
    async after(world, { result }, id) {
      expect(result).toMatchObject({ sent: 0 })
      expect(await mailsTo(world, id)).toEqual([])
    },
  },
  'tells no news to who has not asked for them': {
    given: async (world, id) => await given(world, id, [{ title: 'Offre', category: 'news' }]),
    async after(world, _, id) {
      expect(await mailsTo(world, id)).toEqual([])
      const decided = await world.database
        .knex('hbnb_jobs.deliveries as d')
        .join('hbnb_jobs.notifications as n', 'n.id', 'd.notification_id')
        .where('n.user_id', `guest-${id}`)
        .orderBy('d.channel')
        .select('d.channel', 'd.reason')
      expect(decided).toEqual([
        { channel: 'email', reason: 'not-opted-in' },
        { channel: 'push', reason: 'no-address' },
      ])
    },
  },
  'leaves alone what has hurry': {
    given: async (world, id) => await given(world, id, [{ title: 'Nour est là', urgency: 'normal' }]),
    async after(world, { result }, id) {
      expect(result).toMatchObject({ sent: 0 })
      const digests = world.database.knex('hbnb_jobs.digests').where('user_id', `guest-${id}`)
      expect(await digests.select('id')).toEqual([])
    },
  },
})
