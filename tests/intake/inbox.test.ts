import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createApiKey, scopes } from '../../src/db/api-keys.ts'
import { foundEvent, shownEvent } from '../../src/intake/http/inbox-shapes.ts'
import { endJob, givenInboxEvent } from '../support/given-inbox.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const page = z.strictObject({
  events: z.array(z.strictObject(foundEvent.shape)),
  next_cursor: z.string().nullable(),
})
const entry = z.strictObject(shownEvent.shape)
const minuteMs = 60_000
const startMs = Date.now() - 100 * minuteMs
const states = ['waiting', 'processed', 'ignored', 'failed'] as const

let intake: TestIntake
/** One a minute, the oldest first. */
const given: { readonly id: string; readonly jobId: string | null }[] = []

beforeAll(async () => {
  intake = await startIntake()
  for (let index = 0; index < 20; index++) {
    const state = states[index % 4] ?? 'waiting'
    given.push(
      await givenInboxEvent(intake.database, {
        atMs: startMs + index * minuteMs,
        state,
        reason: state === 'ignored' || state === 'failed' ? `because of ${index}` : null,
        entity: index < 4 ? 'booking:first' : `booking:${index}`,
        ...(index === 5 ? { source: 'sendgrid', type: 'email.events', entity: null, body: [] } : {}),
      }),
    )
  }
})
afterAll(() => intake.close())

async function find(query: string) {
  const answer = await intake.send('GET', `/v1/inbox?${query}`)
  expect(answer.status, answer.text).toBe(200)
  return page.parse(answer.json)
}

/** By their place in the order they came in. */
const found = async (query: string) => (await find(query)).events.map(({ id }) => given.findIndex(one => one.id === id))

async function show(id: string) {
  const answer = await intake.send('GET', `/v1/inbox/${id}`)
  expect(answer.status, answer.text).toBe(200)
  return entry.parse(answer.json)
}

describe('the inbox is searched', () => {
  test('newest first, page by page', async () => {
    const met: string[] = []
    let cursor: string | null = null
    do {
      const { events, next_cursor }: z.output<typeof page> = await find(
        `limit=6${cursor === null ? '' : `&cursor=${cursor}`}`,
      )
      met.push(...events.map(({ id }) => id))
      cursor = next_cursor
    } while (cursor !== null)
    expect(met).toEqual(given.map(({ id }) => id).toReversed())
  })

  test('and every option narrows', async () => {
    expect(await found('state=waiting')).toEqual([16, 12, 8, 4, 0])
    expect(await found('state=failed')).toEqual([19, 15, 11, 7, 3])
    expect(await found('state=ignored&limit=2')).toEqual([18, 14])
    expect(await found('source=sendgrid')).toEqual([5])
    expect(await found('type=email.events&state=processed')).toEqual([5])
    expect(await found('type=booking.confirmed&state=processed')).toEqual([17, 13, 9, 1])
    expect(await found('entity=booking:first')).toEqual([3, 2, 1, 0])
    const [since, until] = [3, 6].map(index => new Date(startMs + index * minuteMs).toISOString())
    expect(await found(`since=${since}&until=${until}`)).toEqual([5, 4, 3])
  })

  test('and says how an event stands, and why', async () => {
    const { events } = await find('entity=booking:first')
    expect(events.map(({ state, reason, replays }) => [state, reason, replays])).toEqual([
      ['failed', 'because of 3', 0],
      ['ignored', 'because of 2', 0],
      ['processed', null, 0],
      ['waiting', null, 0],
    ])
    expect(events[0]).toMatchObject({ source: 'booking', type: 'booking.confirmed', job_id: given[3]?.jobId })
  })

  test('an event whose job ended without a word counts as failed, and so does one whose job is gone', async () => {
    const { database } = intake
    const silent = await givenInboxEvent(database, { state: 'waiting', entity: 'booking:silent' })
    const gone = await givenInboxEvent(database, { state: 'waiting', entity: 'booking:gone' })
    await endJob(database, silent.jobId ?? '', 'completed')
    await database.knex('hbnb_jobs.job_live').where({ id: gone.jobId }).delete()
    expect(await show(silent.id)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^its job has ended/),
    })
    expect(await show(gone.id)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/^its job is not kept/),
    })
    await database.knex('hbnb_jobs.webhook_inbox').whereIn('id', [silent.id, gone.id]).delete()
  })

  test.each(['state=broken', 'source=nobody', 'limit=201', 'cursor=abc', 'since=today', 'entity=x', 'type=', 'a=b'])(
    '%s is refused by name',
    async query => {
      const answer = await intake.send('GET', `/v1/inbox?${query}`)
      expect(answer).toMatchObject({ status: 400, json: { type: '/problems/invalid-option' } })
      expect(answer.json['errors']).toMatchObject([{ field: query.split('=')[0] }])
    },
  )
})

describe('one event', () => {
  test('is shown with its body and the jobs that were made of it', async () => {
    const { id, jobId } = await givenInboxEvent(intake.database, {
      state: 'processed',
      body: {
        event: 'booking.confirmed',
        booking_id: '42',
        sequence: 2,
        occurred_at: '2026-11-22T10:00:00+01:00',
        data: { version: 3, place_id: 'p1', guest_id: 'u1', status: 'confirmed', total_minor: 12_000 },
      },
    })
    const [child] = await intake.database
      .knex('hbnb_jobs.jobs')
      .insert({
        id: id.replace(/^.{8}/, '0199a5f0'),
        name: 'notifications.send',
        version: 1,
        payload: '{}',
        tenant: 'default',
        priority: 5,
        run_at: new Date(),
        parent_id: jobId,
      })
      .returning<{ id: string }[]>('id')
    const shown = await show(id)
    expect(shown.body).toEqual({
      event: 'booking.confirmed',
      booking_id: '42',
      sequence: 2,
      occurred_at: '2026-11-22T10:00:00+01:00',
      data: { version: 3, place_id: 'p1', guest_id: 'u1', status: 'confirmed', total_minor: 12_000 },
    })
    expect(shown.jobs.map(({ id: of, name, state, parent_id }) => [of, name, state, parent_id])).toEqual([
      [jobId, 'webhooks.process', 'completed', null],
      [child?.id, 'notifications.send', 'waiting', jobId],
    ])
    await intake.database.knex('hbnb_jobs.webhook_inbox').where({ id }).delete()
  })

  test.each(['0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'nonsense'])('%s is not known', async id => {
    expect(await intake.send('GET', `/v1/inbox/${id}`)).toMatchObject({
      status: 404,
      json: { type: '/problems/no-such-event' },
    })
  })
})

describe('personal data', () => {
  const planted = 'camille.planted@example.com'
  const phone = '+33612345678'

  test('appears in no answer, wherever it stands in a body', async () => {
    const body = {
      event: 'user.updated',
      user_id: '7',
      note: `write to ${planted}`,
      guest: { name: 'Camille Planted', tel: 33_612_345_678, [planted]: true },
      occurred_at: planted,
      data: {
        id: phone,
        version: 1,
        first_name: 'Camille',
        last_name: 'Planted',
        email: planted,
        phone,
        locale: `fr ${planted}`,
        country: 'FR',
        fcm_tokens: ['token-of-camille-planted'],
        more: { deep: [planted, [planted]] },
      },
    }
    const of = { entity: 'user:7', body }
    const ids = [
      await givenInboxEvent(intake.database, { ...of, source: 'user', type: 'user.updated', state: 'processed' }),
      // What nothing reacts to is kept as it came.
      await givenInboxEvent(intake.database, { ...of, source: 'booking', type: 'user.updated', state: 'ignored' }),
      await givenInboxEvent(intake.database, { ...of, source: 'stripe', type: 'some.event', state: 'ignored' }),
      await givenInboxEvent(intake.database, { ...of, source: 'sendgrid', type: 'email.events', state: 'ignored' }),
    ]
    for (const { id } of ids) {
      const { text } = await intake.send('GET', `/v1/inbox/${id}`)
      expect(text).not.toMatch(/camille|planted|33_?612|token-of/i)
    }
    const { body: shown } = await show(ids[0]?.id ?? '')
    expect(shown).toMatchObject({ event: 'user.updated', user_id: '7', data: { version: 1, country: 'FR' } })
    expect((await intake.send('GET', '/v1/inbox?entity=user:7')).text).not.toMatch(/camille/i)
    await intake.database.knex('hbnb_jobs.webhook_inbox').where({ entity: 'user:7' }).delete()
  })
})

test('a name as long as a body may be is cut, at no cost', async () => {
  const body = { event: 'user.renamed', ['x'.repeat(250_000)]: 1 }
  const { id } = await givenInboxEvent(intake.database, {
    source: 'user',
    type: 'user.renamed',
    state: 'ignored',
    body,
  })
  expect((await show(id)).body).toEqual({ event: 'user.renamed', ['x'.repeat(100)]: '[redacted]' })
  await intake.database.knex('hbnb_jobs.webhook_inbox').where({ id }).delete()
})

test('needs a scope of its own', async () => {
  const others = scopes.filter(scope => scope !== 'inbox:read')
  const { key } = await createApiKey(intake.database.knex, { name: 'x', tenant: 'default', scopes: others })
  for (const path of ['/v1/inbox', `/v1/inbox/${given[0]?.id}`]) {
    expect(await intake.send('GET', path, undefined, { authorization: `Bearer ${key}` })).toMatchObject({
      status: 403,
      json: { type: '/problems/scope-missing', scope: 'inbox:read' },
    })
  }
})
