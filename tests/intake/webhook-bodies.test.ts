import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { standardHeaders } from '../support/sign-webhook.ts'

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

const path = '/webhooks/user'
const good = JSON.stringify({ event: 'user.updated', user_id: 'u1' })
const post = (body: string | Uint8Array, headers: Record<string, string>) => intake.send('POST', path, body, headers)

async function nothingStored() {
  expect([await intake.count('webhook_inbox'), await intake.count('jobs')]).toEqual([0, 0])
}

const tenMb = JSON.stringify({ event: 'user.updated', user_id: 'u1', note: 'x'.repeat(10 * 1_048_576) })

test('10 MB are refused by what they say of themselves, before they are read', async () => {
  const answer = await post(tenMb, standardHeaders(tenMb))
  expect(answer).toMatchObject({ status: 413, json: { type: '/problems/body-too-large', limit_bytes: 262_144 } })
  await nothingStored()
})

test('10 MB that do not say so are refused when the limit is passed', async () => {
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${intake.url}${path}`, { method: 'POST', headers: standardHeaders(tenMb) }, answer => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject)
    for (let at = 0; at < tenMb.length; at += 65_536) sent.write(tenMb.slice(at, at + 65_536))
    sent.end()
  })
  expect(status).toBe(413)
  await nothingStored()
})

test.each([
  ['gzip', gzipSync(good), good],
  ['gzip', gzipSync(good), gzipSync(good)],
  ['deflate', Buffer.from(good), good],
  ['br', Buffer.from(good), good],
])('a body in %s is not taken, whatever was signed (%#)', async (encoding, body, signed) => {
  const headers = { ...standardHeaders(signed.toString()), 'content-encoding': encoding }
  expect(await post(body, headers)).toMatchObject({
    status: 415,
    json: { type: '/problems/unsupported-media-type' },
  })
  await nothingStored()
})

test.each([
  ['{"event":"user.updated","user_id":"u1","user_id":"u2"}', '/user_id'],
  ['{"event":"user.registered","event":"user.updated","user_id":"u1"}', '/event'],
  ['{"event":"user.updated","user_id":"u1","data":{"version":1,"first_name":"A","version":2}}', '/data/version'],
  ['{"event":"user.updated","user_id":"u1","\\u0075ser_id":"u2"}', '/user_id'],
])('a name given twice is refused, since readers differ on which one counts: %s', async (body, field) => {
  const answer = await post(body, standardHeaders(body))
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field, rule: 'repeated-field' }))
  await nothingStored()
})

test.each([
  ['an older spelling of a field', { fullName: 'Camille' }, '/data/fullName'],
  ['an address that is none', { email: 'camille at home' }, '/data/email'],
  ['no version', { version: undefined }, '/data/version'],
  ['the id of another', { id: 'u2' }, '/data/id'],
])('an entity with %s is refused and the field named, without its value', async (_, part, field) => {
  const body = JSON.stringify({
    event: 'user.updated',
    user_id: 'u1',
    data: { version: 1, first_name: 'Zoë', ...part },
  })
  const answer = await post(body, standardHeaders(body))
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
  expect(answer.text + intake.logged()).not.toMatch(/camille|Zoë/i)
  await nothingStored()
})

test('an empty body is no JSON', async () => {
  expect(await post('', standardHeaders(''))).toMatchObject({ status: 400, json: { type: '/problems/bad-json' } })
})

test('a person with as many devices as one may have fits', async () => {
  const fcm_tokens = Array.from({ length: 100 }, (_none, at) => `${at}`.padEnd(2_048, 'x'))
  const body = JSON.stringify({
    event: 'user.updated',
    user_id: 'u1',
    data: { version: 1, first_name: 'Zoë', fcm_tokens },
  })
  expect(await post(body, standardHeaders(body))).toMatchObject({ status: 200, json: { status: 'accepted' } })
})
