import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { addressSha256 } from '../../src/db/suppressions.ts'
import { keptMailEvent } from '../../src/domain/mail-event.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { sendgridHeaders } from '../support/sign-callback.ts'

const path = '/webhooks/sendgrid'
const effectId = '0198a1b2-0000-7000-8000-00000000abcd'
let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox')
})
afterAll(() => intake.close())

const batch = JSON.stringify([
  {
    event: 'bounce',
    email: 'camille@example.test',
    timestamp: 1_763_800_000,
    sg_event_id: 'ev-1',
    sg_message_id: 'msg-1.recvd-0',
    effect_id: effectId,
    reason: '550 5.1.1 <camille@example.test> unknown',
    status: '5.1.1',
    type: 'bounce',
    ip: '203.0.113.9',
    'smtp-id': '<x@example.test>',
  },
  { event: 'account_status_change', type: 'compliance_suspend', timestamp: 1, sg_event_id: 'ev-2' },
  { event: 'delivered', email: 'camille@example.test', timestamp: 1, sg_event_id: 'ev-3', address_sha256: 'x' },
  { event: 'dropped', email: 'Camille@Example.test', timestamp: 1, reason: 'Bounced Address' },
  { event: 'of a form nobody knows' },
  { event: 'delivered', timestamp: 1_763_800_000_000_000, effect_id: effectId, sg_message_id: 'in-microseconds' },
])

test('a signed batch is one row and one job, without a trace of the address', async () => {
  const first = await intake.send('POST', path, batch, sendgridHeaders(batch))
  expect(first).toMatchObject({ status: 200, json: { status: 'accepted' } })
  const again = await intake.send('POST', path, batch, sendgridHeaders(batch))
  expect(again).toMatchObject({ status: 200, json: { ...first.json, status: 'duplicate' } })

  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox')
  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ source: 'sendgrid', scheme: 'sendgrid', type: 'email.events', entity: null })
  expect(JSON.stringify(rows)).not.toMatch(/camille|example\.test|203\.0\.113/)
  const events = z.array(keptMailEvent).parse(rows[0]?.body)
  expect(events.map(({ event }) => event)).toEqual(['bounce', 'account_status_change', 'delivered', 'dropped'])
  // Of an address nothing is kept but a hash, and that only where it says whom not to write to.
  const address_sha256 = addressSha256('email', 'camille@example.test')
  expect(events.map(event => event.address_sha256)).toEqual([address_sha256, undefined, undefined, address_sha256])
  expect(events[3]?.dropped_because).toBe('bounced')
  expect(events[0]).toMatchObject({ effect_id: effectId, sg_message_id: 'msg-1.recvd-0', type: 'bounce' })
  const jobs = await intake.database.knex('hbnb_jobs.jobs').select('name', 'payload')
  expect(jobs).toEqual([{ name: 'email.apply-events', payload: { inbox_id: rows[0]?.id } }])
  expect(intake.logged()).not.toContain('camille')
})

test.each([
  ['no signature', () => ({})],
  ['one of another body', () => sendgridHeaders('[]')],
  ['no base64', () => ({ ...sendgridHeaders(batch), 'x-twilio-email-event-webhook-signature': '***' })],
])('with %s nothing is read or stored', async (_, headers) => {
  for (const body of [batch, '{not json']) {
    expect(await intake.send('POST', path, body, headers())).toMatchObject({
      status: 401,
      json: { type: '/problems/invalid-signature' },
    })
  }
  expect(await intake.count('webhook_inbox')).toBe(0)
})

test.each(['{}', '[]', '"x"'])('the signed %s is no batch: 422', async body => {
  const answer = await intake.send('POST', path, body, sendgridHeaders(body))
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(await intake.count('webhook_inbox')).toBe(0)
})
