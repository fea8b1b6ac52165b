import { afterAll, describe, expect, it } from 'vitest'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { asJson } from './as-json.ts'

const sandbox = await startSandbox()
afterAll(() => sandbox.close())
const post = (message: unknown, key?: string) =>
  fetch(`${sandbox.url}/v1/projects/p/messages:send`, asJson({ message }, key))

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
})
