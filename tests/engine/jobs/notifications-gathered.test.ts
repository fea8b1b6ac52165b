import { afterAll, beforeAll, expect, it } from 'vitest'
import { startIntake, type TestIntake } from '../../support/intake.ts'
import { givenStay } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

const dayMs = 86_400_000

let world: World
let intake: TestIntake

beforeAll(async () => {
  world = await startWorld()
  intake = await startIntake({ DATABASE_URL: world.config.database.url })
})
afterAll(async () => {
  await intake.close()
  await world.close()
})

const look = async (id: string) => (await intake.send('GET', `/v1/notifications/${id}`)).json

/** Asks to tell a person something that is in no hurry; answers its id once it was gathered. */
async function gathered(user_id: string, title: string): Promise<string> {
  const asked = { to: { user_id }, title, body: 'Bonjour !', category: 'message', urgency: 'low' }
  const { status, json, text } = await intake.send('POST', '/v1/notifications', { ...asked, entity: `chat:${title}` })
  expect(status, text).toBe(202)
  const id = String(json['id'])
  await until(`${title} is gathered`, async () => (await look(id))['reason'] === 'gathered')
  return id
}

/** As if days had gone by. */
async function evening(): Promise<void> {
  const at = new Date(Date.now() + 2 * dayMs).toISOString()
  const job = await world.accept(world.contract('notifications.close-digests'), { at })
  expect(await world.ended(job)).toMatchObject({ outcome: 'completed' })
  await until('all digests are sent', async () => {
    return (await world.database.knex('hbnb_jobs.job_live').first('id')) === undefined
  })
}

async function inboxOf(user: string) {
  const { json } = await intake.send('GET', `/v1/users/${user}/notifications`)
  const unread = await intake.send('GET', `/v1/users/${user}/notifications/unread-count`)
  return { unread: unread.json['unread'], entries: json['notifications'] }
}

it('stands in the inbox at once, is told in the evening, and tells what became of it', async () => {
  await givenStay(world.database.knex, 'told', { devices: [], phone: null })
  const [first, second] = [await gathered('guest-told', 'un'), await gathered('guest-told', 'deux')]
  expect(await look(first)).toMatchObject({ state: 'undecided', results: { push: null, email: null, sms: null } })
  const inbox = {
    unread: 2,
    entries: [expect.objectContaining({ id: second }), expect.objectContaining({ id: first })],
  }
  expect(await inboxOf('guest-told')).toEqual(inbox)
  await evening()
  const sent = { state: 'sent', results: { push: false, email: true, sms: false } }
  expect([await look(first), await look(second)]).toMatchObject([sent, sent])
  expect(await inboxOf('guest-told')).toEqual(inbox)
  expect(await world.control.effects({ recipient: 'guest-told@example.test' })).toHaveLength(1)
})

it('is not told when it was read in the app, or taken back', async () => {
  await givenStay(world.database.knex, 'over', { devices: [], phone: null })
  const [read, taken] = [await gathered('guest-over', 'lu'), await gathered('guest-over', 'repris')]
  await intake.send('POST', `/v1/notifications/${read}/read`)
  const cancel = async () => (await intake.send('POST', '/v1/notifications/cancel', { entity: 'chat:repris' })).json
  expect([await cancel(), await cancel()]).toEqual([{ cancelled: 1 }, { cancelled: 0 }])
  await evening()
  expect(await look(read)).toMatchObject({ state: 'not-sent', reason: 'read-already' })
  expect(await look(taken)).toMatchObject({ state: 'cancelled' })
  expect(await world.control.effects({ recipient: 'guest-over@example.test' })).toEqual([])
})
