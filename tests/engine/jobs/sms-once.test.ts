import { afterAll, beforeAll, expect, test } from 'vitest'
import { addressSha256, suppressionsOf } from '../../../src/db/suppressions.ts'
import { marketingUntil } from '../../../src/domain/notifications/marketing-hours.ts'
import { givenDelivery } from '../../support/given-delivery.ts'
import { until } from '../../support/until.ts'
import { startWorld, type World } from '../../support/world.ts'

let world: World
beforeAll(async () => {
  world = await startWorld({ SMS_PER_PERSON_PER_DAY: '2', SMS_PRICES: 'FR=7.98,*=50' })
})
afterAll(() => world.close())

/** A delivery to a number, and the job that sends it. */
async function send(id: string, phone: string) {
  const { delivery_id } = await givenDelivery(world, id, 'sms', { phone })
  const jobId = await world.accept(world.contract('sms.send'), { delivery_id }, { id: delivery_id })
  return { jobId, ended: () => world.ended(jobId) }
}

const sentTo = (recipient: string) => world.control.effects({ recipient })
const countedOf = (phone: string) =>
  world.database.knex('hbnb_jobs.sms_sends').where({ number_sha256: addressSha256('sms', phone) })
const effectsOf = (jobId: string) => world.database.knex('hbnb_jobs.effects').where({ job_id: jobId }).pluck('state')

async function refusal(phone: string) {
  return (await suppressionsOf(world.database.knex, [{ channel: 'sms', address: phone }], 'booking')).get(phone)
}

test('an answer that is lost costs one SMS, asked for once and counted once', async () => {
  const phone = '+33612345701'
  await world.control.fault({ provider: 'twilio', match: phone, kind: 'accept-then-drop' })
  const { jobId, ended } = await send('lost', phone)
  const outcome = await ended()
  const sent = await sentTo(phone)
  expect(sent).toHaveLength(1)
  expect(outcome).toMatchObject({ outcome: 'completed', result: { message_id: sent[0]?.id, segments: 1 } })
  expect(await effectsOf(jobId)).toEqual(['accepted'])
  expect(await countedOf(phone)).toMatchObject([{ segments: 1, cost_minor: '7.98' }])
})

test('what may be out already is settled, even if it was cancelled meanwhile', async () => {
  const phone = '+33612345702'
  // The list fails first, so that the job is asleep with its doubt when the cancellation comes.
  await world.control.fault({ provider: 'twilio', match: phone, kind: 'accept-then-drop' })
  await world.control.fault({ provider: 'twilio', match: phone, on: 'list', kind: 'status', status: 503 })
  const { jobId, ended } = await send('cancelled', phone)
  await until('the answer is lost', async () => (await effectsOf(jobId)).includes('unknown'))
  await world.database
    .knex('hbnb_jobs.notifications')
    .where({ entity: 'booking:cancelled' })
    .update({ cancelled_at: new Date() })
  const [sms, ...others] = await sentTo(phone)
  expect(others).toEqual([])
  expect(await ended()).toMatchObject({ outcome: 'completed', result: { message_id: sms?.id } })
  expect(await effectsOf(jobId)).toEqual(['accepted'])
})

test('what turns out not to be sent is not sent after it was cancelled', async () => {
  const phone = '+33612345710'
  await world.control.fault({ provider: 'twilio', match: phone, kind: 'reset' })
  const { jobId, ended } = await send('late', phone)
  await until('the answer is lost', async () => (await effectsOf(jobId)).includes('unknown'))
  const { knex } = world.database
  await knex('hbnb_jobs.notifications').where({ entity: 'booking:late' }).update({ cancelled_at: new Date() })
  // Longer than an SMS may be missing from the list.
  await knex('hbnb_jobs.effects')
    .where({ job_id: jobId })
    .update({ unknown_at: new Date(Date.now() - 60_000) })
  expect(await ended()).toMatchObject({ outcome: 'skipped', reason: 'cancelled' })
  expect(await sentTo(phone)).toEqual([])
  expect(await effectsOf(jobId)).toEqual(['reserved'])
  expect(await countedOf(phone)).toEqual([])
})

test('what may have gone to an old number is not sent to the new one', async () => {
  const [old, now] = ['+33612345731', '+33612345732']
  await world.control.fault({ provider: 'twilio', match: old, kind: 'accept-then-drop' })
  const { jobId, ended } = await send('moved', old)
  await until('the answer is lost', async () => (await effectsOf(jobId)).includes('unknown'))
  const { knex } = world.database
  await knex('platform.users').where({ id: 'guest-moved' }).update({ phone: now })
  // Longer than it stays open.
  await knex('hbnb_jobs.effects')
    .where({ job_id: jobId })
    .update({ unknown_at: new Date(Date.now() - 7_200_000) })
  expect(await ended()).toMatchObject({ outcome: 'failed', error: { code: 'effect-unknown' } })
  expect([await sentTo(old), await sentTo(now)]).toMatchObject([[{ recipient: old }], []])
  expect(await countedOf(old)).toHaveLength(1)
})

test('one more than a person gets in a day is not sent', async () => {
  const phone = '+33612345703'
  for (const id of ['first', 'second'])
    expect(await (await send(id, phone)).ended()).toMatchObject({ outcome: 'completed' })
  expect(await (await send('third', phone)).ended()).toMatchObject({ outcome: 'skipped', reason: 'person-cap' })
  expect(await sentTo(phone)).toHaveLength(2)
})

test.each([
  [21_610, 'twilio-unsubscribed', 'opted-out', '+33612345704'],
  [21_211, 'twilio-invalid-number', 'invalid', '+33612345705'],
  [21_614, 'twilio-not-mobile', 'not-mobile', '+33612345706'],
  [21_635, 'twilio-not-mobile', 'not-mobile', '+33612345707'],
  [21_612, 'twilio-unroutable', undefined, '+33612345708'],
  [21_408, 'twilio-region-not-enabled', undefined, '+33612345709'],
])(
  'a refusal with %i fails as %s, the number gets no more as %s, and nothing is counted',
  async (code, error, reason, phone) => {
    const body = { code, message: 'refused', more_info: '', status: 400 }
    await world.control.fault({ provider: 'twilio', match: phone, kind: 'status', status: 400, body })
    expect(await (await send(`refused-${code}`, phone)).ended()).toMatchObject({
      outcome: 'failed',
      error: { code: error },
    })
    expect(await refusal(phone)).toBe(reason)
    expect(await countedOf(phone)).toEqual([])

    const again = await (await send(`again-${code}`, phone)).ended()
    expect(again).toMatchObject(reason === undefined ? { outcome: 'completed' } : { outcome: 'skipped', reason })
  },
)

test('the SMS of a test key cost nothing, and teach nothing about a number', async () => {
  const phone = '+33612345730'
  const { delivery_id } = await givenDelivery(world, 'of-a-test', 'sms', { phone })
  const body = { code: 21_610, message: 'refused', more_info: '', status: 400 }
  const options = { tenant: 'default:test' }
  await world.control.fault({ provider: 'twilio', match: phone, kind: 'status', status: 400, body })
  const refused = await world.accept(world.contract('sms.send'), { delivery_id }, options)
  expect(await world.ended(refused)).toMatchObject({ outcome: 'failed', error: { code: 'twilio-unsubscribed' } })
  expect(await refusal(phone)).toBeUndefined()
  const sent = await world.accept(world.contract('sms.send'), { delivery_id }, options)
  expect(await world.ended(sent)).toMatchObject({ outcome: 'completed' })
  expect(await countedOf(phone)).toEqual([])
})

test('a template that the networks have filtered three times is sent no more for a day', async () => {
  const { knex } = world.database
  for (const [index, phone] of ['+33612345711', '+33612345712', '+33612345713'].entries()) {
    expect(await (await send(`filtered-${index}`, phone)).ended()).toMatchObject({ outcome: 'completed' })
    await knex('hbnb_jobs.sms_sends')
      .where({ number_sha256: addressSha256('sms', phone) })
      .update({ told_at: new Date(), told_fault: 30_007 })
  }
  const held = await send('held', '+33612345714')
  expect(await held.ended()).toMatchObject({ outcome: 'skipped', reason: 'filtered' })
  expect(await sentTo('+33612345714')).toEqual([])
  await knex('hbnb_jobs.sms_sends').update({ told_at: new Date(Date.now() - 25 * 3_600_000) })
  expect(await (await send('let-go', '+33612345715')).ended()).toMatchObject({ outcome: 'completed' })
})

test('marketing that was let through by day does not go out by night', async () => {
  // It is night somewhere.
  const zones = ['Europe/Paris', 'America/Los_Angeles', 'Pacific/Auckland', 'Asia/Kolkata']
  const zone = zones.find(one => marketingUntil('FR', 'offers', new Date(), one) !== null) ?? ''
  const morning = marketingUntil('FR', 'offers', new Date(), zone)
  const { delivery_id } = await givenDelivery(world, 'by-night', 'sms', { phone: '+33612345721' })
  const { knex } = world.database
  await knex('platform.users').where({ id: 'guest-by-night' }).update({ zone })
  await knex('hbnb_jobs.notifications').where({ entity: 'booking:by-night' }).update({ category: 'offers' })
  const jobId = await world.accept(world.contract('sms.send'), { delivery_id })
  const waiting = await until('it waits', () =>
    knex('hbnb_jobs.job_live')
      .where({ id: jobId, state: 'accepted', attempts: 0 })
      .where('run', '>', 0)
      .first<{ run_at: Date } | undefined>('run_at'),
  )
  // As long from the database's now as the morning was from ours.
  expect(Math.abs(waiting.run_at.getTime() - (morning?.getTime() ?? 0))).toBeLessThan(60_000)
  expect(await sentTo('+33612345721')).toEqual([])
})
