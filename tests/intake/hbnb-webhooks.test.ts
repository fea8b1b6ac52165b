import { gzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { type Answer, startIntake, type TestIntake } from '../support/intake.ts'
import { legacyHeaders, standardHeaders } from '../support/sign-webhook.ts'

const path = '/webhooks/booking'
const oldSecret = 'old-secret-of-the-platform'
const newSecret = 'whsec_bmV3LXNlY3JldC1vZi10aGUtcGxhdGZvcm0='
const body = JSON.stringify({ event: 'booking.confirmed', booking_id: '42', guest_note: 'late' })

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake({ WEBHOOK_SECRET: `${newSecret},${oldSecret}` })
})
afterEach(async () => {
  await intake.database.knex.raw(
    'truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox, hbnb_jobs.idempotency_keys',
  )
})
afterAll(() => intake.close())

const post = (text: string | Uint8Array, headers: Record<string, string>) => intake.send('POST', path, text, headers)
const signed = (text: string, id?: string) =>
  standardHeaders(text, { secret: newSecret, ...(id === undefined ? {} : { id }) })

async function stored() {
  return { events: await intake.count('webhook_inbox'), jobs: await intake.count('jobs') }
}

/** What keeps equal bodies apart has a time to live; here it is over. */
async function tenMinutesLater() {
  const keys = intake.database.knex('hbnb_jobs.idempotency_keys')
  const kept = await keys
    .clone()
    .select<{ minutes: number }[]>(
      intake.database.knex.raw('extract(epoch from expires_at - now())::float8 / 60 as minutes'),
    )
  expect(kept.map(({ minutes }) => Math.ceil(minutes))).toEqual([10])
  await keys.update({ expires_at: new Date() })
}

async function refused(answer: Answer, status: number, code: string) {
  expect(answer).toMatchObject({ status, json: { type: `/problems/${code}`, status } })
  expect(await stored()).toEqual({ events: 0, jobs: 0 })
}

test.each([
  ['the new secret', () => signed(body, 'evt_1'), 'evt_1', 'standard'],
  ['the old secret', () => standardHeaders(body, { secret: oldSecret, id: 'evt_2' }), 'evt_2', 'standard'],
  ['the guide’s scheme', () => legacyHeaders(body, newSecret), expect.stringMatching(/^[0-9a-f-]{36}$/), 'legacy'],
])('an event signed with %s is stored with its job, then acknowledged', async (_, headers, eventId, scheme) => {
  const answer = await post(body, headers())
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({ status: 'accepted', event_id: eventId, job_id: expect.any(String) })

  const rows = await intake.database
    .knex('hbnb_jobs.webhook_inbox as i')
    .join('hbnb_jobs.jobs as j', 'j.id', 'i.job_id')
    .select('i.id', 'i.source', 'i.scheme', 'i.type', 'i.entity', 'i.body', 'j.name', 'j.payload', 'j.entity as about')
  expect(rows).toEqual([
    {
      id: expect.any(String),
      source: 'booking',
      scheme,
      type: 'booking.confirmed',
      entity: 'booking:42',
      body: JSON.parse(body),
      name: 'webhooks.process',
      payload: { inbox_id: rows[0]?.id },
      about: 'booking:42',
    },
  ])
})

const good = legacyHeaders(body, newSecret)['x-webhook-signature'] ?? ''
test.each([
  ['none', {}],
  ['an empty one', { 'x-webhook-signature': '' }],
  ['a short one', { 'x-webhook-signature': good.slice(0, 63) }],
  ['an upper-case one', { 'x-webhook-signature': good.toUpperCase() }],
  ['one of another body', legacyHeaders(`${body} `, newSecret)],
  ['one of another secret', legacyHeaders(body, 'a-secret-of-somebody-else')],
  ['two in one', { 'x-webhook-signature': `${good}, ${good}` }],
  ['one without its id', { ...signed(body), 'webhook-id': '' }],
  ['one without its time', { ...signed(body), 'webhook-timestamp': '' }],
  ['one of another id', { ...signed(body), 'webhook-id': 'evt_other' }],
  ['one of a moved id', { ...signed(body), 'webhook-id': 'evt.1' }],
  ['many wrong ones', { ...signed(body), 'webhook-signature': 'v1,AAAA '.repeat(500) }],
  ['a version without a signature', { ...signed(body), 'webhook-signature': 'v1' }],
  [
    'one of another version',
    { ...signed(body), 'webhook-signature': String(signed(body)['webhook-signature']).replace('v1', 'v2') },
  ],
  [
    'a bad standard one beside a good legacy one',
    { ...signed(body), 'webhook-id': 'evt_x', 'x-webhook-signature': good },
  ],
])('signature: %s is 401', async (_, headers) => {
  await refused(await post(body, headers), 401, 'invalid-signature')
})

test('nothing is parsed before the signature is good', async () => {
  await refused(await post('{not json', { 'x-webhook-signature': good }), 401, 'invalid-signature')
  await refused(await post('{not json', legacyHeaders('{not json', newSecret)), 400, 'bad-json')
})

test('a good signature among several is enough, as while secrets are rotated', async () => {
  const headers = signed(body)
  headers['webhook-signature'] = `v1,AAAA ${String(headers['webhook-signature'])}`
  expect(await post(body, headers)).toMatchObject({ status: 200, json: { status: 'accepted' } })
})

test.each([-301, 301])('a timestamp %i s from now is stale', async seconds => {
  const at = new Date(Date.now() + seconds * 1_000)
  await refused(await post(body, standardHeaders(body, { secret: newSecret, at })), 401, 'stale-timestamp')
})

test('a repeated id is answered with the first ids and stores nothing; with another body it is refused', async () => {
  const first = await post(body, signed(body, 'evt_7'))
  const again = await post(body, signed(body, 'evt_7'))
  expect(again).toMatchObject({ status: 200, json: { ...first.json, status: 'duplicate' } })
  const other = body.replace('42', '43')
  expect(await post(other, signed(other, 'evt_7'))).toMatchObject({
    status: 422,
    json: { type: '/problems/event-id-reused' },
  })
  expect(await stored()).toEqual({ events: 1, jobs: 1 })
})

test.each([
  ['with one id', () => signed(body, 'evt_20')],
  ['without an id', () => legacyHeaders(body, newSecret)],
])('of twenty at once %s one is stored', async (_, headers) => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, headers())))
  expect(answers.filter(({ json }) => json['status'] === 'accepted')).toHaveLength(1)
  expect(new Set(answers.map(({ status, json }) => `${status} ${String(json['job_id'])}`)).size).toBe(1)
  expect(await stored()).toEqual({ events: 1, jobs: 1 })
})

test('an equal body without an id counts anew after ten minutes', async () => {
  const first = await post(body, legacyHeaders(body, newSecret))
  await tenMinutesLater()
  const second = await post(body, legacyHeaders(body, newSecret))
  expect(second.json).toMatchObject({ status: 'accepted' })
  expect(second.json['event_id']).not.toBe(first.json['event_id'])
  expect(await post(body, legacyHeaders(body, newSecret))).toMatchObject({
    json: { ...second.json, status: 'duplicate' },
  })
  expect(await stored()).toEqual({ events: 2, jobs: 2 })
})

test('of twenty equal bodies at once, ten minutes after the first, one is stored', async () => {
  await post(body, legacyHeaders(body, newSecret))
  await tenMinutesLater()
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, legacyHeaders(body, newSecret))))
  expect(answers.filter(({ json }) => json['status'] === 'accepted')).toHaveLength(1)
  expect(await stored()).toEqual({ events: 2, jobs: 2 })
})

test.each(['a\nb', '\u001b[2J', '\u202egnikoob', '\u009b2J'])('a type of controls, %j, is no type', async type => {
  const unknown = JSON.stringify({ event: type, booking_id: '42' })
  await refused(await post(unknown, signed(unknown, 'evt_c')), 422, 'invalid-event')
})

test.each(['evt.1', 'evt 1', 'evt,1', 'x'.repeat(201)])(
  'an id that is not taken, %s, is named as the reason',
  async id => {
    const answer = await post(body, signed(body, id))
    await refused(answer, 401, 'invalid-signature')
    expect(answer.json['detail']).toContain('webhook-id')
  },
)

test('an unknown type of event is kept, ignored, and makes no job', async () => {
  const unknown = JSON.stringify({ event: 'booking.reviewed', booking_id: '42' })
  const headers = signed(unknown, 'evt_u')
  expect(await post(unknown, headers)).toMatchObject({ status: 200, json: { status: 'ignored', event_id: 'evt_u' } })
  expect(await post(unknown, headers)).toMatchObject({ status: 200, json: { status: 'duplicate', event_id: 'evt_u' } })
  expect(await intake.database.knex('hbnb_jobs.webhook_inbox').select('handled', 'handled_reason', 'job_id')).toEqual([
    { handled: 'ignored', handled_reason: expect.any(String), job_id: null },
  ])
  expect(await stored()).toEqual({ events: 1, jobs: 0 })
})

test.each([
  ['{"event":"booking.confirmed"}', '/booking_id'],
  ['{"event":"booking.confirmed","booking_id":42}', '/booking_id'],
  ['{"event":"booking.confirmed","booking_id":"4\\u00002"}', '/booking_id'],
  ['{"event":"x","a":{"b":["\\ud800"]}}', '/a/b/0'],
  ['{"event":"x","\\u0000":1}', '/\0'],
  ['{"booking_id":"42"}', '/event'],
  ['{"event":7}', '/event'],
  ['[]', ''],
  [`{"event":"x","deep":${'['.repeat(5_000)}${']'.repeat(5_000)}}`, '/deep'],
])('the signed but malformed %.60s is 422 and names the field', async (text, field) => {
  const answer = await post(text, signed(text))
  await refused(answer, 422, 'invalid-event')
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
})

test('bytes that are no UTF-8 are 400 even when signed, and the signature of what they decode to is not theirs', async () => {
  const bytes = Buffer.concat([Buffer.from('{"event":"'), Buffer.of(0xff), Buffer.from('"}')])
  await refused(await post(bytes, legacyHeaders(bytes, newSecret)), 400, 'bad-json')
  await refused(await post(bytes, signed(bytes.toString())), 401, 'invalid-signature')
})

test('too large is 413, compressed is 415', async () => {
  const large = JSON.stringify({ event: 'booking.confirmed', booking_id: '42', note: 'x'.repeat(262_144) })
  await refused(await post(large, signed(large)), 413, 'body-too-large')
  await refused(
    await post(gzipSync(body), { ...signed(body), 'content-encoding': 'gzip' }),
    415,
    'unsupported-media-type',
  )
})

test('the guide’s scheme can be switched off', async () => {
  const strict = await startIntake({ WEBHOOK_SECRET: newSecret, WEBHOOK_LEGACY_SIGNATURE: 'off' })
  try {
    const answer = await strict.send('POST', path, body, legacyHeaders(body, newSecret))
    expect(answer).toMatchObject({ status: 401, json: { type: '/problems/invalid-signature' } })
    expect(await strict.count('webhook_inbox')).toBe(0)
  } finally {
    await strict.close()
  }
})
