import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connect } from '../../src/providers/fcm/connect.ts'
import { translate } from '../../src/providers/fcm/errors.ts'
import { startFcmOverHttp2 } from './fcm-over-http2.ts'

let fcm: Awaited<ReturnType<typeof startFcmOverHttp2>>
beforeEach(async () => {
  fcm = await startFcmOverHttp2()
})
afterEach(() => fcm.close())

/** For what is on its way inside this process; the SDK's own time limit of 15 s does not help either. */
const graceMs = 500

const tokens = Array.from({ length: 100 }, (_, index) => `device-${index}`)
const message = { tokens, notification: { title: 'Réservation confirmée' } }

/** Why we send to each device by itself: an update of the SDK that changes this may change our mind. */
describe('the multicast of the SDK, over its own HTTP/2', () => {
  it('is one request per device and one connection per call', async () => {
    const messaging = await connect(fcm.options)
    for (const calls of [1, 2]) {
      expect(await messaging.sendEachForMulticast(message)).toMatchObject({ successCount: 100 })
      expect(fcm.accepted).toHaveLength(calls * 100)
      expect(fcm.sessionCount()).toBe(calls)
    }
  })

  it('keeps the answers it had when its session ends with an error', async () => {
    fcm.endAfter({ afterAnswers: 40, how: 'goaway' })
    const { responses } = await (await connect(fcm.options)).sendEachForMulticast(message)
    expect(responses).toHaveLength(100)
    const failed = responses.flatMap(({ error }) => error ?? [])
    expect(failed).toHaveLength(60)
    expect(failed.map(error => translate(error))).toEqual(
      failed.map(() => ({ error: expect.objectContaining({ name: 'Ambiguous' }), device: 'kept' })),
    )
  })

  it('never answers when its session is closed, and what was answered is lost', async () => {
    fcm.endAfter({ afterAnswers: 40, how: 'close' })
    const sending = (await connect(fcm.options)).sendEachForMulticast(message)
    await fcm.heardOfEnd
    expect(await Promise.race([sending, setTimeout(graceMs, 'no answer')])).toBe('no answer')
  })
})
