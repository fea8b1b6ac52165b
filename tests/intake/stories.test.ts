import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { givenStory } from '../operators/given-story.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

test('a story is told in time order, in snake case, without anything personal', async () => {
  const { webhooks, sms } = await givenStory(intake.database.knex, '42')
  const answer = await intake.send('GET', '/v1/stories/booking:42')
  expect(answer).toMatchObject({
    status: 200,
    json: { entity: 'booking:42', summary: expect.stringContaining('Booking 42 confirmed: e-mail accepted') },
  })
  expect(answer.json['moments']).toMatchObject({
    0: { at: '2026-11-22T08:00:00.000Z', lane: 'event', kind: 'event', event_id: 'evt_42', job_id: webhooks },
  })
  expect(answer.json['moments']).toContainEqual({
    at: '2026-11-22T08:00:01.266Z',
    lane: 'jobs',
    kind: 'outcome',
    job_id: sms,
    attempts: 2,
    started_at: '2026-11-22T08:00:01.215Z',
    outcome: 'completed',
    reason: null,
    error: null,
  })
  expect(answer.text).not.toMatch(/[a-z][A-Z][a-zA-Z]*":|camille|user-7/)
})

test('a job without an entity has a story too', async () => {
  const { notify, email } = await givenStory(intake.database.knex, '43')
  const answer = await intake.send('GET', `/v1/stories/job:${notify}`)
  expect(answer.status).toBe(200)
  expect(answer.text).toContain(email)
})

test('another tenant hears nothing of it', async () => {
  const { notify } = await givenStory(intake.database.knex, '44')
  const { key } = await createApiKey(intake.database.knex, { name: 'o', tenant: 'other', scopes: ['jobs:read'] })
  for (const entity of ['booking:44', `job:${notify}`]) {
    const answer = await intake.send('GET', `/v1/stories/${entity}`, undefined, { authorization: `Bearer ${key}` })
    expect(answer).toMatchObject({ status: 404, json: { type: '/problems/no-such-story' } })
  }
})

test.each(['booking:none', 'nothing', 'booking:%00', 'job:x'])('%s has no story', async entity => {
  expect(await intake.send('GET', `/v1/stories/${entity}`)).toMatchObject({
    status: 404,
    json: { type: '/problems/no-such-story' },
  })
})
