import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { twilioTexter } from '../../src/providers/twilio/texter.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { closedPort } from '../support/closed-port.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { twilioCallback } from '../support/sign-callback.ts'

const effectId = '0198a1b2-0000-7000-8000-00000000abcd'
const path = `/webhooks/twilio?effect_id=${effectId}`
const sid = `SM${'0123456789abcdef'.repeat(2)}`

let intake: TestIntake

beforeAll(async () => {
  const port = await closedPort()
  intake = await startIntake({ PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` })
})
afterEach(async () => {
  await intake.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox')
})
afterAll(() => intake.close())

const delivered = { MessageSid: sid, MessageStatus: 'delivered', To: '+33612345678', From: 'HBNB', Body: 'Bonjour Zoë' }

const post = (fields: Record<string, string>, at = path) => {
  const { body, headers } = twilioCallback(intake.config, at, fields)
  return intake.send('POST', at, body, headers)
}

async function nothingStored() {
  expect([await intake.count('webhook_inbox'), await intake.count('jobs')]).toEqual([0, 0])
}

test('a signed callback is one row and one job, without a trace of the number', async () => {
  const first = await post(delivered)
  expect(first).toMatchObject({ status: 200, json: { status: 'accepted' } })
  expect(await post(delivered)).toMatchObject({ status: 200, json: { ...first.json, status: 'duplicate' } })

  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox')
  expect(rows).toMatchObject([{ source: 'twilio', scheme: 'twilio', type: 'sms.delivered' }])
  expect(rows[0]?.body).toEqual({
    MessageSid: sid,
    MessageStatus: 'delivered',
    ErrorCode: null,
    effect_id: effectId,
  })
  expect(await intake.database.knex('hbnb_jobs.jobs').select('name', 'payload')).toEqual([
    { name: 'sms.apply-status', payload: { inbox_id: rows[0]?.id } },
  ])
  expect(JSON.stringify(rows) + intake.logged()).not.toMatch(/33612345678|Bonjour/)
})

test('each status of one message is a row of its own, with what went wrong', async () => {
  for (const MessageStatus of ['sent', 'undelivered']) {
    await post({ ...delivered, MessageStatus, ...(MessageStatus === 'sent' ? {} : { ErrorCode: '30005' }) })
  }
  const rows = await intake.database.knex('hbnb_jobs.webhook_inbox').orderBy('id').select('body')
  expect(rows.map(({ body }) => [body.MessageStatus, body.ErrorCode])).toEqual([
    ['sent', null],
    ['undelivered', 30_005],
  ])
})

test('a callback that names no effect of ours is kept and ignored', async () => {
  expect(await post(delivered, '/webhooks/twilio')).toMatchObject({ status: 200, json: { status: 'ignored' } })
  expect(await intake.count('jobs')).toBe(0)
})

test.each([
  ['no signature', {}],
  ['an empty one', { 'x-twilio-signature': '' }],
  ['one of other fields', twilioSignature({ ...delivered, MessageStatus: 'failed' })],
  ['one of another address', twilioSignature(delivered, '/webhooks/twilio')],
])('with %s nothing is stored', async (_, signature) => {
  const { body, headers } = twilioCallback(intake.config, path, delivered)
  const given = typeof signature === 'function' ? signature() : signature
  const answer = await intake.send('POST', path, body, { 'content-type': String(headers['content-type']), ...given })
  expect(answer).toMatchObject({ status: 401, json: { type: '/problems/invalid-signature' } })
  await nothingStored()
})

function twilioSignature(fields: Record<string, string>, at = path) {
  return () => ({
    'x-twilio-signature': String(twilioCallback(intake.config, at, fields).headers['x-twilio-signature']),
  })
}

test.each([
  ['a field given twice', 'MessageStatus=failed&', 401],
  ['JSON in place of a form', null, 415],
])('%s is refused', async (_, before, status) => {
  const { body, headers } = twilioCallback(intake.config, path, delivered)
  const answer =
    before === null
      ? await intake.send('POST', path, JSON.stringify(delivered), { ...headers, 'content-type': 'application/json' })
      : await intake.send('POST', path, `${before}${body}`, headers)
  expect(answer.status).toBe(status)
  await nothingStored()
})

test('thousands of fields are refused before their signature is looked at', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': 'forged' }
  const body = Array.from({ length: 201 }, (_none, at) => `field${at}=`).join('&')
  const answer = await intake.send('POST', path, body, headers)
  expect(answer).toMatchObject({
    status: 422,
    json: { type: '/problems/invalid-event', detail: 'more than 200 fields' },
  })
  await nothingStored()
})

test.each([
  ['an unknown status', { ...delivered, MessageStatus: 'teleported' }, '/MessageStatus'],
  ['no message', { MessageStatus: 'sent' }, '/MessageSid'],
])('the signed callback of %s is 422 and names the field', async (_, fields, field) => {
  const answer = await post(fields)
  expect(answer).toMatchObject({ status: 422, json: { type: '/problems/invalid-event' } })
  expect(answer.json['errors']).toContainEqual(expect.objectContaining({ field }))
  await nothingStored()
})

test('the real SDK asks the sandbox to call back, and its callbacks are taken', async () => {
  const sandbox = await startSandbox()
  try {
    const { twilio } = intake.config
    if ('missing' in twilio) throw new Error('the sandbox has credentials')
    const statusUrl = `${intake.url}/webhooks/twilio`
    const texter = twilioTexter({ ...twilio, baseUrl: `${sandbox.url}/twilio`, statusUrl })
    const call = { signal: new AbortController().signal, timeoutMs: 5_000 }
    const { id } = await texter.send(
      { from: 'HBNB', to: '+33612345678', body: 'Bonjour', expiresAt: null, effectId },
      call,
    )
    const told = () =>
      intake.database
        .knex('hbnb_jobs.webhook_inbox')
        .whereRaw(`body->>'MessageSid' = ? and body->>'effect_id' = ?`, [id, effectId])
        .orderBy('id')
        .pluck('type')
    await expect.poll(told, { timeout: 5_000 }).toEqual(['sms.sent', 'sms.delivered'])
  } finally {
    await sandbox.close()
  }
})
