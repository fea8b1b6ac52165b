import { afterAll, describe, expect, it } from 'vitest'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { asJson } from './as-json.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const ask = (body: object, key?: string) => fetch(`${sandbox.url}/v1/projects/p/messages:send`, asJson(body, key))
const post = (message: unknown, key?: string) => ask({ message }, key)

describe('FCM on the wire', () => {
  it('answers the name of the message', async () => {
    const response = await post({ token: 't', notification: { title: 'a' } })
    expect(await response.json()).toEqual({ name: expect.stringMatching(/^projects\/p\/messages\/0:/) })
  })

  it('answers errors with an FcmError', async () => {
    const response = await post({ token: 'dead-1' })
    expect(response.status).toBe(404)
    expect(await response.json()).toEqual({
      error: {
        code: 404,
        status: 'NOT_FOUND',
        message: expect.any(String),
        details: [{ '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode: 'UNREGISTERED' }],
      },
    })
    expect((await post({ token: 't', data: { n: 1 } })).status).toBe(400)
    expect((await post({ token: 't' }, 'bad-token')).status).toBe(401)
  })
  it('refuses what FCM keeps for itself, and shows nothing that is only to be checked', async () => {
    expect((await post({ token: 't', data: { from: 'us' } })).status).toBe(400)
    expect((await post({ token: 't', data: { 'google.x': 'us' } })).status).toBe(400)
    const checked = await ask({ validate_only: true, message: { token: 'checked' } })
    expect(await checked.json()).toEqual({ name: 'projects/p/messages/fake_message_id' })
    expect((await ask({ validate_only: true, message: { token: 'dead-2' } })).status).toBe(404)
    expect(await sandboxControl(sandbox.url).effects({ recipient: 'checked' })).toEqual([])
  })
})
