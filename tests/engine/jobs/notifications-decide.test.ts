import { afterAll, beforeAll, expect, it } from 'vitest'
import { startIntake, type TestIntake } from '../../support/intake.ts'
import { givenStay, type StayChoices } from '../../support/platform-rows.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

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

const title = 'Le jardin est à vous dès 15 h'
const body = 'Les clés sont chez la boulangère, à côté de l’église 🌻\n\nBel été !'

async function given(id: string, choices: StayChoices = {}) {
  await givenStay(world.database.knex, id, { status: 'confirmed', ...choices })
  return { user_id: `guest-${id}` }
}

async function ask(asked: Record<string, unknown>): Promise<string> {
  const { status, json, text } = await intake.send('POST', '/v1/notifications', asked)
  expect(status, text).toBe(202)
  return String(json['id'])
}

const look = async (id: string) => (await intake.send('GET', `/v1/notifications/${id}`)).json

/** The notification, once its state is this. */
async function settled(id: string, state = 'sent') {
  return await until(`notification ${id} is ${state}`, async () => {
    const shown = await look(id)
    return shown['state'] === state ? shown : undefined
  })
}

const cancel = async (asked: object) => (await intake.send('POST', '/v1/notifications/cancel', asked)).json

async function contentsTo(recipient: string) {
  return (await world.control.effects({ recipient })).map(({ content }) => content)
}

/** The notification, once its push was sent. */
async function pushed(id: string) {
  return await until(`the push of ${id} was sent`, async () => {
    const shown = await look(id)
    return JSON.stringify(shown['results']).includes('"push":true') ? shown : undefined
  })
}

/** Lets what was put off of a notification be due. */
async function deferredDue(id: string) {
  const { knex } = world.database
  const deferred = await knex('hbnb_jobs.deliveries').where({ notification_id: id, decision: 'defer' }).pluck('job_id')
  await knex('hbnb_jobs.job_live').whereIn('id', deferred).update({ run_at: new Date() })
}

it('reaches a person on every channel with one call, and tells the results', async () => {
  const to = await given('all')
  const id = await ask({ to, title, body, data: { thread: '7' } })
  expect(await settled(id)).toMatchObject({
    results: { push: true, email: true, sms: true },
    deliveries: [
      { channel: 'push', state: 'sent', reason: null },
      { channel: 'email', state: 'sent', reason: null },
      { channel: 'sms', state: 'sent', reason: null },
    ],
  })
  expect(await contentsTo('token-all')).toMatchObject([{ kind: 'push', title, data: { thread: '7' } }])
  const [mail] = await contentsTo('guest-all@example.test')
  expect(mail).toMatchObject({ kind: 'mail', subject: title, text: expect.stringContaining('Bel été !') })
  expect(await contentsTo('+33612345678')).toContainEqual(
    expect.objectContaining({ kind: 'sms', body: expect.stringContaining("boulangère, à coté de l'église Bel été !") }),
  )
})

it('keeps to the wishes of its reader, category by category', async () => {
  const to = await given('wishes', { phone: null })
  const notifications = { account: { email: false } }
  await intake.send('PUT', `/v1/users/guest-wishes/preferences`, { version: 1, notifications })
  const id = await ask({ to, title, body })
  expect(await settled(id)).toMatchObject({
    results: { push: true, email: false, sms: false },
    deliveries: [
      { channel: 'push', state: 'sent' },
      { channel: 'email', state: 'suppressed', reason: 'category-switched-off', job_id: null },
      { channel: 'sms', state: 'suppressed', reason: 'no-address', job_id: null },
    ],
  })
})

it('writes to an address that is no user’s, in its language', async () => {
  const id = await ask({
    to: { email: 'someone@example.test', locale: 'en-GB' },
    title: 'A key',
    body: 'Under the pot.',
  })
  expect(await settled(id)).toMatchObject({
    to: { email: 'someone@example.test' },
    results: { push: false, email: true, sms: false },
  })
  const [mail] = await contentsTo('someone@example.test')
  expect(mail).toMatchObject({ subject: 'A key', html: expect.stringContaining('lang="en-GB"') })
})

it('says what a template says, frozen when it is decided', async () => {
  const to = await given('template')
  const id = await ask({ to, template: 'booking-confirmation', booking_id: 'template', channels: ['email'] })
  expect(await settled(id)).toMatchObject({
    category: 'booking',
    entity: 'booking:template',
    results: { push: false, email: true, sms: false },
  })
  const [mail] = await contentsTo('guest-template@example.test')
  expect(mail).toMatchObject({ subject: expect.stringContaining('Cabane dans les pins') })
})

it('tells nobody of a booking that was cancelled', async () => {
  const to = await given('moot', { status: 'cancelled' })
  const id = await ask({ to, template: 'booking-confirmation', booking_id: 'moot' })
  expect(await settled(id, 'not-sent')).toMatchObject({ reason: 'moot', deliveries: [] })
})

it('tries one channel after the other, and no more once one has reached its reader', async () => {
  const to = await given('fallback')
  const id = await ask({ to, title, body, category: 'message' })
  const shown = await pushed(id)
  expect(shown).toMatchObject({
    state: 'open',
    results: { push: true, email: null, sms: null },
    deliveries: [
      { channel: 'push', state: 'sent' },
      { channel: 'email', state: 'deferred', reason: 'fallback', until: expect.any(String) },
      { channel: 'sms', state: 'deferred', reason: 'fallback', until: expect.any(String) },
    ],
  })
  await deferredDue(id)
  expect(await settled(id)).toMatchObject({
    results: { push: true, email: false, sms: false },
    deliveries: [
      { channel: 'push', state: 'sent' },
      { channel: 'email', state: 'skipped', reason: 'fallback-not-needed' },
      { channel: 'sms', state: 'skipped', reason: 'fallback-not-needed' },
    ],
  })
  expect(await contentsTo('guest-fallback@example.test')).toEqual([])
})

it('looks again at what was put off: who has switched it off meanwhile is told nothing', async () => {
  const to = await given('meanwhile', { devices: [], phone: null })
  const quiet_hours = { from: '00:00', to: '23:59' }
  await intake.send('PUT', '/v1/users/guest-meanwhile/preferences', { version: 1, quiet_hours })
  const id = await ask({ to, title, body })
  const { deliveries } = await until('it was put off', async () => {
    const shown = await look(id)
    return JSON.stringify(shown['deliveries']).includes('quiet-hours') ? shown : undefined
  })
  expect(deliveries).toContainEqual(expect.objectContaining({ channel: 'email', state: 'deferred' }))
  await world.database
    .knex('platform.users')
    .where({ id: 'guest-meanwhile' })
    .update({ email_notifications_enabled: false })
  await deferredDue(id)
  expect(await settled(id, 'not-sent')).toMatchObject({
    deliveries: expect.arrayContaining([expect.objectContaining({ state: 'skipped', reason: 'switched-off' })]),
  })
})

it('tells a person at most twenty things in an hour, however many are asked for at once', async () => {
  const to = await given('cap', { devices: [], phone: null })
  const ids = await Promise.all(Array.from({ length: 23 }, () => ask({ to, title, body })))
  const all = await Promise.all(
    ids.map(id =>
      until(`${id} is decided`, async () => {
        const shown = await look(id)
        return ['sent', 'not-sent'].includes(String(shown['state'])) ? shown : undefined
      }),
    ),
  )
  expect(all.filter(({ state }) => state === 'sent')).toHaveLength(20)
  expect(await contentsTo('guest-cap@example.test')).toHaveLength(20)
  const urgent = await ask({ to, title, body, category: 'security' })
  expect(await settled(urgent)).toMatchObject({ results: { email: true } })
})

it('takes back what is about something, and not sent yet', async () => {
  const to = await given('taken', { phone: null })
  const about = { to, title, body, entity: 'booking:taken' }
  const sent = await ask({ ...about, channels: ['email'] })
  await settled(sent)
  const open = await ask({ ...about, category: 'reminder' })
  const other = await ask({ ...about, category: 'message' })
  for (const id of [open, other]) await pushed(id)
  expect(await cancel({ entity: 'booking:taken', category: 'reminder' })).toEqual({ cancelled: 1 })
  expect(await look(open)).toMatchObject({
    state: 'cancelled',
    reason: 'its sender has taken it back',
    results: { push: true, email: false, sms: false },
    deliveries: [{ state: 'sent' }, { channel: 'email', state: 'cancelled', reason: 'cancelled' }, {}],
  })
  expect(await look(other)).toMatchObject({ state: 'open' })
  expect(await cancel({ entity: 'booking:taken' })).toEqual({ cancelled: 1 })
  expect(await cancel({ entity: 'booking:taken' })).toEqual({ cancelled: 0 })
  expect(await look(sent)).toMatchObject({ state: 'sent' })
})

it('keeps what a person was told in their inbox, and sends no more of what they have read there', async () => {
  const to = await given('inbox')
  const inbox = async (options = '') => (await intake.send('GET', `/v1/users/guest-inbox/notifications${options}`)).json
  const unread = async () => (await intake.send('GET', '/v1/users/guest-inbox/notifications/unread-count')).json
  await settled(await ask({ to, template: 'booking-confirmation', booking_id: 'inbox', channels: ['push'] }))
  const id = await ask({ to, title, body, data: { thread: '7' }, category: 'message' })
  await pushed(id)

  const first = await inbox('?limit=1')
  const entry = {
    id,
    category: 'message',
    title,
    body,
    data: { thread: '7' },
    entity: 'user:guest-inbox',
    read_at: null,
  }
  expect(first['notifications']).toEqual([{ ...entry, created_at: expect.any(String) }])
  expect(await inbox(`?limit=1&cursor=${String(first['next_cursor'])}`)).toMatchObject({
    notifications: [{ category: 'booking', title: 'Réservation confirmée', entity: 'booking:inbox' }],
    next_cursor: null,
  })
  expect(await unread()).toEqual({ unread: 2 })

  const read = await intake.send('POST', `/v1/notifications/${id}/read`)
  expect(read).toMatchObject({ status: 200, json: { id, read_at: expect.any(String) } })
  expect((await intake.send('POST', `/v1/notifications/${id}/read`)).json).toEqual(read.json)
  expect(await unread()).toEqual({ unread: 1 })
  await deferredDue(id)
  expect(await settled(id)).toMatchObject({
    results: { push: true, email: false, sms: false },
    deliveries: [{}, { channel: 'email', state: 'skipped', reason: 'read-already' }, { reason: 'read-already' }],
  })

  expect((await intake.send('POST', '/v1/users/guest-inbox/notifications/read-all')).json).toEqual({ read: 1 })
  expect((await inbox('?unread=true'))['notifications']).toEqual([])
})
