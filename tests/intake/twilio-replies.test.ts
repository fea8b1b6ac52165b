import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { addressSha256 } from '../../src/db/suppressions.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { twilioCallback } from '../support/sign-callback.ts'

const path = '/webhooks/twilio/messages'
const sid = `SM${'0123456789abcdef'.repeat(2)}`
const stop = { MessageSid: sid, From: '+33612345678', To: '+33644601234', Body: 'Stop', NumMedia: '0' }

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake()
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox')
})
afterAll(() => intake.close())

const post = (fields: Record<string, string>) => {
  const { body, headers } = twilioCallback(intake.config, path, fields)
  return intake.send('POST', path, body, headers)
}

test.each([
  ['Stop', 'stop'],
  ['ARRÊT', 'stop'],
  ['start', 'start'],
])('a signed %s is one row and one job, and nobody is answered', async (Body, reply) => {
  expect(await post({ ...stop, Body })).toMatchObject({ status: 204 })
  expect(await post({ ...stop, Body })).toMatchObject({ status: 204 })

  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox')
  expect(rows).toMatchObject([{ source: 'twilio', scheme: 'twilio', type: `sms.${reply}`, event_id: sid }])
  expect(rows[0]?.body).toEqual({ MessageSid: sid, reply, from_sha256: addressSha256('sms', stop.From) })
  expect(await intake.database.knex('hbnb_jobs.jobs').select('name', 'payload')).toEqual([
    { name: 'sms.apply-reply', payload: { inbox_id: rows[0]?.id } },
  ])
  expect(JSON.stringify(rows) + intake.logged()).not.toContain('33612345678')
})

test('what else people write is noted and not kept', async () => {
  expect(await post({ ...stop, Body: 'Nous arrivons vers 18 h, Zoë' })).toMatchObject({ status: 204 })
  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox')
  expect(rows).toMatchObject([{ type: 'sms.other', handled: 'ignored', job_id: null }])
  expect(JSON.stringify(rows) + intake.logged()).not.toMatch(/Zoë|33612345678/)
})

test('without the signature of Twilio nobody is silenced', async () => {
  const { body, headers } = twilioCallback(intake.config, path, stop)
  for (const signature of [
    '',
    'AAAA',
    String(twilioCallback(intake.config, path, { ...stop, Body: 'x' }).headers['x-twilio-signature']),
  ]) {
    const answer = await intake.send('POST', path, body, { ...headers, 'x-twilio-signature': signature })
    expect(answer).toMatchObject({ status: 401, json: { type: '/problems/invalid-signature' } })
  }
  expect(await intake.count('webhook_inbox')).toBe(0)
})

test.each([
  ['no sender', { MessageSid: sid, Body: 'STOP' }, '/From'],
  ['no message', { From: stop.From, Body: 'STOP' }, '/MessageSid'],
])('one of %s is 422 and names the field', async (_, fields, field) => {
  const answer = await post(fields)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
})
