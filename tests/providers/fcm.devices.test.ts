import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { fcmPusher } from '../../src/providers/fcm/pusher.ts'
import type { ProviderCall } from '../../src/providers/provider-call.ts'
import type { PushAnswer } from '../../src/providers/pusher.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { pushTo } from './senders.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const control = sandboxControl(sandbox.url)
const call: ProviderCall = { timeoutMs: 10_000, signal: new AbortController().signal }

const open = () => fcmPusher({ projectId: 'hbnb-test', sandboxUrl: sandbox.url })
const some = (prefix: string) => `${prefix}-${randomUUID()}`
const many = (count: number, prefix: string) => Array.from({ length: count }, () => some(prefix))
const dead = (answers: readonly PushAnswer[]) => answers.map(answer => 'deadToken' in answer && answer.deadToken)
const codes = (answers: readonly PushAnswer[]) =>
  answers.map(answer => ('error' in answer && 'code' in answer.error ? answer.error.code : 'sent'))
const requests = async () => (await control.counts()).fcm.requests

/** A pusher whose key has been shown to be the right one. */
async function proven() {
  const pusher = open()
  expect(codes(await pusher.send([pushTo(some('first'))], call))).toEqual(['sent'])
  return pusher
}

describe('a device is given up only when it is surely dead', () => {
  it.each([
    ['dead', true],
    ['foreign', true],
    ['malformed', true],
    ['denied', false],
    ['lost-project', false],
    ['apns', false],
    ['busy', false],
    ['down', false],
    ['broken', false],
  ])('%s: %s', async (prefix, isDead) => {
    const pusher = await proven()
    expect(dead(await pusher.send([pushTo(some(prefix))], call))).toEqual([isDead])
  })

  it.each([
    ['an answer that was lost', { kind: 'reset' }],
    ['400 that does not come again', { kind: 'status', status: 400 }],
    ['404 from something that is not FCM', { kind: 'status', status: 404, body: '<html>not found</html>' }],
    ['403 from something that is not FCM', { kind: 'status', status: 403, body: '<html>forbidden</html>' }],
  ] as const)('not after %s', async (_name, fault) => {
    const pusher = await proven()
    const token = some('living')
    await control.fault({ provider: 'fcm', match: token, ...fault })
    expect(dead(await pusher.send([pushTo(token)], call))).toEqual([false])
    expect(await control.effects({ recipient: token })).toEqual([])
  })
})

describe('a push that FCM calls invalid', () => {
  /** A name that FCM keeps for itself. */
  const invalid = { data: { from: 'us' } }

  it('costs no device, and one question whatever the number of devices', async () => {
    const pusher = await proven()
    const tokens = many(50, 'living')
    const before = await requests()
    const answers = await pusher.send(
      tokens.map(token => pushTo(token, invalid)),
      call,
    )
    expect(new Set(codes(answers))).toEqual(new Set(['fcm-push-refused']))
    expect(dead(answers)).not.toContain(true)
    expect(await requests()).toBe(before + 51)
  })

  it('costs the devices that are invalid themselves, and shows nobody anything', async () => {
    const pusher = await proven()
    const tokens = [some('malformed'), some('living'), some('malformed')]
    const answers = await pusher.send(
      tokens.map(token => pushTo(token)),
      call,
    )
    expect(codes(answers)).toEqual(['fcm-push-refused', 'sent', 'fcm-push-refused'])
    expect(dead(answers)).toEqual([true, false, true])
    expect(await control.effects({ recipient: tokens[1] })).toHaveLength(1)
  })

  it('costs no device that could not be asked about', async () => {
    const pusher = await proven()
    const token = some('malformed')
    await control.fault({ provider: 'fcm', match: token, kind: 'status', status: 400 })
    await control.fault({ provider: 'fcm', match: token, kind: 'status', status: 503 })
    expect(dead(await pusher.send([pushTo(token)], call))).toEqual([false])
  })
})

describe('devices of another project', () => {
  it('are kept while nothing says that the key is not the foreign one', async () => {
    const pusher = open()
    const answers = await pusher.send([pushTo(some('foreign'))], call)
    expect(codes(answers)).toEqual(['fcm-foreign-token'])
    expect(dead(answers)).toEqual([false])
  })

  it('are given up beside one of ours', async () => {
    const answers = await open().send([pushTo(some('foreign')), pushTo(some('ours'))], call)
    expect(codes(answers)).toEqual(['fcm-foreign-token', 'sent'])
    expect(dead(answers)).toEqual([true, false])
  })

  it('are the fault of our key when there are many and none of ours', async () => {
    const pusher = open()
    const answers = await pusher.send(
      many(9, 'foreign').map(token => pushTo(token)),
      call,
    )
    expect(new Set(codes(answers))).toEqual(new Set(['fcm-foreign-token']))
    const [tenth] = await pusher.send([pushTo(some('foreign'))], call)
    expect(tenth).toMatchObject({ error: { name: 'ConfigError', code: 'fcm-foreign-project' }, deadToken: false })
  })

  it('stay dead, however many, once the key has sent a push', async () => {
    const pusher = await proven()
    const answers = await pusher.send(
      many(20, 'foreign').map(token => pushTo(token)),
      call,
    )
    expect(dead(answers)).not.toContain(false)
  })
})
