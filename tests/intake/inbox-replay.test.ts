import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApiKey, scopes } from '../../src/db/api-keys.ts'
import { maxReplayedEvents } from '../../src/db/inbox-replay.ts'
import { inboxReplay } from '../../src/intake/http/inbox-shapes.ts'
import { endJob, givenInboxEvent } from '../support/given-inbox.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const done = z.strictObject(inboxReplay.shape)
const minuteMs = 60_000

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  for (const table of ['webhook_inbox', 'job_live', 'job_outcomes', 'jobs']) {
    await intake.database.knex(`hbnb_jobs.${table}`).delete()
  }
})
afterAll(() => intake.close())

const replay = (id: string) => intake.send('POST', `/v1/inbox/${id}/replay`)
const rowOf = (id: string) =>
  intake.database
    .knex('hbnb_jobs.webhook_inbox')
    .where({ id })
    .first<{ job_id: string; handled: string | null; handled_reason: string | null; earlier_job_ids: string[] }>()
const jobsOf = (inbox_id: string) =>
  intake.database.knex('hbnb_jobs.jobs').whereRaw(`payload ->> 'inbox_id' = ?`, [inbox_id]).orderBy('id')

async function replayAll(query: string) {
  const answer = await intake.send('POST', `/v1/inbox/replay?${query}`)
  expect([200, 202], answer.text).toContain(answer.status)
  return done.parse(answer.json)
}

describe('a replay', () => {
  test.each(['processed', 'ignored', 'failed'] as const)('of a %s event lets a new job react to it', async state => {
    const { id, jobId } = await givenInboxEvent(intake.database, { state, reason: 'so' })
    const answer = await replay(id)
    expect(answer).toMatchObject({ status: 202, json: { id } })
    const { job_id } = answer.json
    expect(job_id).not.toBe(jobId)
    expect(await rowOf(id)).toMatchObject({ job_id, handled: null, handled_reason: null, earlier_job_ids: [jobId] })
    expect(await jobsOf(id)).toMatchObject([
      { id: jobId },
      { id: job_id, name: 'webhooks.process', entity: 'booking:42', payload: { inbox_id: id } },
    ])
    expect((await intake.send('GET', `/v1/inbox/${id}`)).json).toMatchObject({
      state: 'waiting',
      reason: null,
      replays: 1,
      jobs: [{ id: job_id, state: 'waiting' }, { id: jobId }],
    })
  })

  test('makes the job that reacts to the source', async () => {
    const { id } = await givenInboxEvent(intake.database, { source: 'sendgrid', state: 'processed', body: [] })
    await replay(id)
    expect(await jobsOf(id)).toMatchObject([{ name: 'email.apply-events' }, { name: 'email.apply-events' }])
  })

  test('is refused while its job is open, also when it has said what became of the event', async () => {
    const { id, jobId } = await givenInboxEvent(intake.database, { state: 'waiting' })
    expect(await replay(id)).toMatchObject({ status: 409, json: { type: '/problems/event-in-work' } })
    await intake.database.knex('hbnb_jobs.webhook_inbox').where({ id }).update({ handled: 'processed' })
    expect(await replay(id)).toMatchObject({ status: 409, json: { type: '/problems/event-in-work' } })
    await endJob(intake.database, jobId ?? '', 'completed')
    expect(await replay(id)).toMatchObject({ status: 202 })
    expect(await replay(id)).toMatchObject({ status: 409 })
  })

  test('is refused for what nothing reacts to, and for what is not there', async () => {
    const strange = { state: 'ignored', type: 'booking.moved' } as const
    const { id } = await givenInboxEvent(intake.database, strange)
    const elsewhere = await givenInboxEvent(intake.database, { ...strange, source: 'user', type: 'booking.confirmed' })
    for (const one of [id, elsewhere.id]) {
      expect(await replay(one)).toMatchObject({ status: 409, json: { type: '/problems/nothing-reacts' } })
    }
    for (const one of ['0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'nonsense']) {
      expect(await replay(one)).toMatchObject({ status: 404, json: { type: '/problems/no-such-event' } })
    }
  })

  test('asked for twenty times at once is made once', async () => {
    const { id } = await givenInboxEvent(intake.database, { state: 'failed' })
    const answers = await Promise.all(Array.from({ length: 20 }, () => replay(id)))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
    expect(await jobsOf(id)).toHaveLength(2)
  })

  test('remembers the newest ten of the jobs before', async () => {
    const { id, jobId } = await givenInboxEvent(intake.database, { state: 'processed' })
    const made = [jobId ?? '']
    for (let count = 0; count < 12; count++) {
      made.push(String((await replay(id)).json['job_id']))
      await endJob(intake.database, made.at(-1) ?? '', 'completed')
    }
    expect(await rowOf(id)).toMatchObject({ replays: 12, earlier_job_ids: made.slice(2, 12).toReversed() })
  })

  test('is not for test keys', async () => {
    const { id } = await givenInboxEvent(intake.database, { state: 'failed' })
    const own = scopes.filter(scope => scope !== 'jobs:any-tenant')
    const asked = { name: 't', tenant: 'default', scopes: own, isTest: true }
    const { key } = await createApiKey(intake.database.knex, asked)
    for (const path of [`/v1/inbox/${id}/replay`, '/v1/inbox/replay?state=failed']) {
      expect(await intake.send('POST', path, undefined, { authorization: `Bearer ${key}` })).toMatchObject({
        status: 403,
        json: { type: '/problems/live-only' },
      })
    }
    expect(await jobsOf(id)).toHaveLength(1)
  })
})

describe('a replay of many', () => {
  test('takes what matches, in the order in which it came, and says what it leaves', async () => {
    const atMs = Date.now() - 60 * minuteMs
    const given: string[] = []
    for (let index = 0; index < 7; index++) {
      given.push((await givenInboxEvent(intake.database, { state: 'failed', atMs: atMs + index * minuteMs })).id)
    }
    await givenInboxEvent(intake.database, { state: 'waiting' })
    await givenInboxEvent(intake.database, { state: 'ignored', type: 'booking.moved' })
    await givenInboxEvent(intake.database, { state: 'failed', source: 'sendgrid', type: 'email.events', body: [] })
    const dry = await replayAll('source=booking&dry_run=true')
    expect(dry).toEqual({
      dry_run: true,
      matching: 9,
      replayed: 7,
      left: { in_work: 1, nothing_reacts: 1 },
      examples: given.slice(0, 5),
    })
    expect(await intake.count('jobs')).toBe(9)
    expect(await replayAll('source=booking')).toEqual({ ...dry, dry_run: false })
    const rows = await intake.database
      .knex('hbnb_jobs.webhook_inbox')
      .where({ replays: 1 })
      .orderBy('job_id')
      .select<{ id: string }[]>('id')
    expect(rows.map(({ id }) => id)).toEqual(given)
    expect(await replayAll('source=booking')).toMatchObject({ replayed: 0, left: { in_work: 8 }, examples: [] })
    expect(await replayAll('state=failed')).toMatchObject({ matching: 1, replayed: 1 })
  })

  test('narrows as a search does', async () => {
    const atMs = Date.now() - 60 * minuteMs
    await givenInboxEvent(intake.database, { state: 'failed', atMs })
    await givenInboxEvent(intake.database, { state: 'failed', entity: 'booking:43', type: 'booking.created' })
    const since = new Date(atMs + minuteMs).toISOString()
    for (const query of [
      `since=${since}`,
      'entity=booking:43',
      'type=booking.created',
      `since=${since}&state=failed`,
    ]) {
      expect(await replayAll(`${query}&dry_run=true`), query).toMatchObject({ matching: 1 })
    }
    expect(await replayAll(`until=${since}&dry_run=true`)).toMatchObject({ matching: 1 })
  })

  test('must name something', async () => {
    for (const query of ['', '?dry_run=true']) {
      expect(await intake.send('POST', `/v1/inbox/replay${query}`)).toMatchObject({
        status: 400,
        json: { type: '/problems/invalid-option', detail: expect.stringContaining('source, type') },
      })
    }
  })

  test('is bounded: one more than the most is none', async () => {
    const { id } = await givenInboxEvent(intake.database, { state: 'failed' })
    await intake.database.knex.raw(
      `insert into hbnb_jobs.webhook_inbox
         (id, source, event_id, scheme, type, body, body_sha256, entity, job_id, handled)
       select hbnb_jobs.uuid_v7(), source, 'many-' || n, scheme, type, body, body_sha256, entity, job_id, 'processed'
       from hbnb_jobs.webhook_inbox, generate_series(1, ?) as n where id = ?`,
      [maxReplayedEvents, id],
    )
    expect(await intake.send('POST', '/v1/inbox/replay?source=booking')).toMatchObject({
      status: 409,
      json: { type: '/problems/too-many-events' },
    })
    expect(await intake.count('jobs')).toBe(1)
    expect(await replayAll('state=processed')).toMatchObject({ replayed: maxReplayedEvents })
    expect(await intake.count('job_live')).toBe(maxReplayedEvents)
  })
})
