import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { legacyHeaders } from '../support/sign-webhook.ts'

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

test('an address that is not there is 404, another method is 405 with Allow', async () => {
  expect(await intake.send('GET', '/no/such')).toMatchObject({ status: 404, json: { type: '/problems/not-found' } })
  const deleted = await intake.send('DELETE', '/v1/jobs/notifications.send')
  expect(deleted).toMatchObject({ status: 405, json: { type: '/problems/method-not-allowed' } })
  expect(deleted.headers.get('allow')).toBe('POST, GET, HEAD')
  const put = await intake.send('PUT', '/webhooks/booking', '{}')
  expect(put.headers.get('allow')).toBe('POST')
})

test('an address with something behind it is another address', async () => {
  for (const path of ['/healthz/', '/v1/job-types/', '/v1/jobs/notifications.send/', '/v1/job-types//']) {
    expect(await intake.send('GET', path), path).toMatchObject({ status: 404, json: { type: '/problems/not-found' } })
  }
})

test('a body where none is taken is refused, not ignored', async () => {
  const answer = await intake.send('POST', '/v1/jobs/00000000-0000-7000-8000-000000000000/cancel', {
    reason: 'why not',
  })
  expect(answer).toMatchObject({
    status: 400,
    json: { type: '/problems/bad-request', detail: 'no body is taken here' },
  })
})

test.each(['/healthz', '/v1/job-types', '/v1/jobs', '/metrics', '/docs', '/problems/not-found'])(
  '%s takes no option that it does not tell',
  async path => {
    expect(await intake.send('GET', `${path}?nonsense=1`)).toMatchObject({
      status: 400,
      json: { type: '/problems/invalid-option', errors: [{ field: 'nonsense', rule: 'unknown-option' }] },
    })
  },
)

test('an address that cannot be decoded is 400', async () => {
  expect(await intake.send('GET', '/v1/jobs/%ff')).toMatchObject({
    status: 400,
    json: { type: '/problems/bad-request' },
  })
})

test.each(['no-uuid', '00000000-0000-7000-8000-000000000000', "'%20or%201=1"])('the job %s is not there', async id => {
  expect(await intake.send('GET', `/v1/jobs/${id}`)).toMatchObject({
    status: 404,
    json: { type: '/problems/no-such-job' },
  })
})

test('every answer carries a request id, which a problem and the log repeat', async () => {
  const answer = await intake.send('GET', '/no/such')
  const id = String(answer.headers.get('x-request-id'))
  expect(answer.json['instance']).toBe(`urn:uuid:${id}`)
  expect(intake.logged()).toContain(id)
  const own = '0198a1b2-0000-7000-8000-00000000abcd'
  expect((await intake.send('GET', '/healthz', undefined, { 'x-request-id': own })).headers.get('x-request-id')).toBe(
    own,
  )
  const odd = await intake.send('GET', '/healthz', undefined, { 'x-request-id': 'not a uuid' })
  expect(odd.headers.get('x-request-id')).not.toBe('not a uuid')
})

test('answers tell nothing of the framework and may load nothing', async () => {
  const { headers } = await intake.send('GET', '/healthz')
  expect(headers.get('x-powered-by')).toBeNull()
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

test('neither queries, bodies nor keys reach the log', async () => {
  await intake.send('POST', '/v1/jobs/notifications.send?entity=user:camille', { user_id: 'durand' })
  await intake.send('POST', '/webhooks/booking', '{"event":"booking.confirmed","booking_id":7,"note":"durand"}', {
    ...legacyHeaders('{"event":"booking.confirmed","booking_id":7,"note":"durand"}'),
  })
  expect(intake.logged()).toContain('/webhooks/booking')
  expect(intake.logged()).not.toMatch(/camille|durand/)
  expect(intake.logged()).not.toContain(testKey)
})

test('a fault of ours is 500: it says nothing, and its instance is in the log', async () => {
  const broken = await startIntake()
  try {
    await broken.database.knex.raw('drop table hbnb_jobs.jobs cascade')
    const answer = await broken.send('POST', '/v1/jobs/notifications.send', {
      user_id: 'durand',
      template: 'booking-confirmation',
      booking_id: '42',
    })
    expect(answer).toMatchObject({ status: 500, json: { type: '/problems/internal-error' } })
    expect(answer.text).not.toMatch(/hbnb_jobs\.jobs|relation|select|insert/i)
    const errors = broken
      .logged()
      .split('\n')
      .filter(line => line.includes('internal-error'))
    expect(errors).toHaveLength(1)
    expect(errors[0]).toContain(String(answer.json['instance']).replace('urn:uuid:', ''))
    expect(errors[0]).not.toContain('durand')
  } finally {
    await broken.close()
  }
})

test('a request cut off in the middle stores nothing and breaks nothing', async () => {
  const { port } = new URL(intake.url)
  await new Promise<void>(resolve => {
    const socket = connect(Number(port), '127.0.0.1', () => {
      socket.write(
        'POST /v1/jobs/notifications.send HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n' +
          `authorization: Bearer ${testKey}\r\ncontent-length: 100\r\n\r\n{"user_id":`,
        () => socket.destroy(),
      )
    }).once('close', () => resolve())
  })
  expect(await intake.send('GET', '/healthz')).toMatchObject({ status: 200 })
  expect(await intake.count('jobs')).toBe(0)
})
