import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'

const job = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

test('a batch opened under an Idempotency-Key is opened once, however often and by how many at a time it is asked for', async () => {
  const headers = { 'idempotency-key': 'autumn' }
  const ask = (about: string) => intake.send('POST', '/v1/batches', { about, entity: 'booking:42' }, headers)
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('autumn')))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 201))
  const [id, ...others] = new Set(answers.map(({ json }) => String(json['id'])))
  expect(others).toEqual([])
  const isNew = answers.map(({ headers: got }) => got.get('idempotent-replayed') === null)
  expect(isNew.filter(Boolean)).toHaveLength(1)
  expect(await intake.database.knex('hbnb_jobs.batches').where({ about: 'autumn' })).toHaveLength(1)

  await intake.send('POST', `/v1/batches/${id}/close`)
  expect(await ask('autumn')).toMatchObject({ status: 201, json: { id, state: 'closed' } })
  expect(await ask('winter')).toMatchObject({ status: 422, json: { type: '/problems/idempotency-key-reused' } })
  expect(await intake.send('POST', '/v1/jobs/notifications.send', job, headers)).toMatchObject({ status: 422 })
  expect(await intake.send('POST', '/v1/batches', {}, { 'idempotency-key': 'a b' })).toMatchObject({ status: 400 })

  const { knex } = intake.database
  await knex('hbnb_jobs.idempotency_keys')
    .where({ key: 'autumn' })
    .update({ expires_at: new Date(0) })
  expect((await ask('winter')).json['id']).not.toBe(id)
})
