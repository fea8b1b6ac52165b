import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { segmentsOf } from '../../src/domain/notifications/sms-segments.ts'
import { verifyTwilioCallback } from '../../src/providers/twilio/callbacks.ts'
import { twilioTexter } from '../../src/providers/twilio/texter.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { ACCOUNT_SID } from './senders.ts'

const sandbox = await startSandbox()
const control = sandboxControl(sandbox.url)
const authToken = 'good-token'

/** What Twilio tells, by the id of the effect it tells it of; only what it has signed. */
const told = new Map<string, Record<string, unknown>[]>()
const receiver = createServer((request, response) => {
  void text(request).then(body => {
    noteCallback(request.url ?? '/', request.headers['x-twilio-signature'], body)
    response.end()
    return undefined
  })
})
function noteCallback(path: string, signature: string | string[] | undefined, body: string) {
  const fields = Object.fromEntries(new URLSearchParams(body))
  const url = `${statusUrl}${path.slice(1)}`
  const effectId = new URL(url).searchParams.get('effect_id') ?? ''
  if (verifyTwilioCallback({ url, signature, fields }, authToken)) {
    told.set(effectId, [...(told.get(effectId) ?? []), fields])
  }
}
let statusUrl = ''
beforeAll(async () => {
  await new Promise<void>(resolve => receiver.listen(0, '127.0.0.1', resolve))
  const address = receiver.address()
  statusUrl = typeof address === 'object' ? `http://127.0.0.1:${address?.port}/` : ''
})
afterAll(async () => {
  receiver.close()
  await sandbox.close()
})

const call = () => ({ timeoutMs: 10_000, signal: new AbortController().signal })
const texter = () => twilioTexter({ accountSid: ACCOUNT_SID, authToken, baseUrl: `${sandbox.url}/twilio`, statusUrl })
const sms = { from: 'HBNB', body: 'Bonjour', expiresAt: null }

let numbers = 600_000_000
const newNumber = () => `+33${(numbers += 1)}`

test.each([30_003, 30_004, 30_005, 30_006, 30_007, 30_008, 21_610, null])(
  'Twilio tells that an SMS did not arrive, with code %s',
  async errorCode => {
    const [to, effectId] = [newNumber(), `effect-${errorCode}`]
    await control.fault({ provider: 'twilio', match: to, kind: 'undelivered', errorCode })
    const { id } = await texter().send({ ...sms, to, effectId }, call())
    await expect
      .poll(() => told.get(effectId)?.map(({ MessageStatus, ErrorCode }) => [MessageStatus, ErrorCode]))
      .toEqual([
        ['sent', undefined],
        ['undelivered', errorCode === null ? undefined : String(errorCode)],
      ])
    expect(told.get(effectId)?.map(({ MessageSid }) => MessageSid)).toEqual([id, id])
  },
)

test.each([
  ['ê', 'Votre séjour à la Forêt-Fouesnant'],
  ['ç', 'Ça commence demain, François'],
  ['’', 'L’arrivée, c’est à partir de 16 h'],
  ['œ', 'Bienvenue au cœur de la Sœurette'],
  ['emoji', 'À demain 🏖️👨‍👩‍👧'],
  ['the escaped letters of GSM-7', '[840 €] {gîte} ~ ^ \\ |'],
  ['200 characters', `L’Hôtel de l’Île ${'ê'.repeat(200)}`.slice(0, 200)],
  ['the longest it takes', 'é'.repeat(1_600)],
])('a text with %s arrives as it was sent, and the bill has the segments we counted', async (name, body) => {
  const to = newNumber()
  const { id } = await texter().send({ ...sms, to, body, effectId: name }, call())
  expect(await control.effects({ recipient: to })).toMatchObject([{ id, content: { body } }])
  const listed = await fetch(
    `${sandbox.url}/twilio/2010-04-01/Accounts/${ACCOUNT_SID}/Messages.json?To=${encodeURIComponent(to)}`,
    {
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT_SID}:${authToken}`).toString('base64')}` },
    },
  )
  expect(await listed.json()).toMatchObject({ messages: [{ num_segments: String(segmentsOf(body).segments) }] })
})

test.each([
  ['of no known end', null, null],
  ['of an hour', 3_600_000, 3_600],
  ['of three days, longer than Twilio keeps anything', 259_200_000, 36_000],
  ['whose end is here', 0, 1],
])('Twilio forgets a message %s in time', async (name, inMs, seconds) => {
  const to = newNumber()
  const expiresAt = inMs === null ? null : new Date(Date.now() + inMs)
  await texter().send({ ...sms, to, expiresAt, effectId: name }, call())
  const [sent] = await control.effects({ recipient: to })
  const valid = sent?.content.kind === 'sms' ? sent.content.validSeconds : undefined
  if (seconds === null) expect(valid).toBeNull()
  // What the call itself has taken is gone.
  else expect(seconds - Number(valid)).toBeOneOf([0, 1, 2])
})
