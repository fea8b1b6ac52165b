import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { standardHeaders } from '../support/sign-webhook.ts'
import type { Booking } from './bookings.ts'
import type { Random } from './random.ts'
import type { System } from './system.ts'

const callTimeoutMs = 5_000
const firstPauseMs = 100
const longestPauseMs = 1_000
const givenUpAfterMs = 180_000

const answer = z.union([z.object({ id: z.uuid() }), z.object({ job_id: z.uuid() })])

/** An upstream app as we ask apps to be: it repeats a call under the same key, or the same webhook, until it is answered. */
export interface Client {
  /** Answers the id of the accepted job. Throws when nothing answered for three minutes, or a call was refused for good. */
  ask(booking: Booking, by: 'webhook' | 'api'): Promise<string>
  /** Calls that had to be repeated. */
  repeats(): number
}

export function clientOf(system: System, random: Random): Client {
  let repeats = 0

  async function call(path: string, headers: () => Record<string, string>, body: string): Promise<string> {
    const deadline = performance.now() + givenUpAfterMs
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      const answered = await once(`${random.pick(system.intakeUrls)}${path}`, headers(), body)
      if (typeof answered === 'string') return answered
      if (performance.now() > deadline)
        throw new Error(`${path} was not answered for ${givenUpAfterMs} ms: ${answered.why}`)
      repeats += 1
      await delay(pauseMs)
    }
  }
  return {
    repeats: () => repeats,
    async ask({ id, userId }, by) {
      if (by === 'webhook') {
        const body = JSON.stringify({ event: 'booking.confirmed', booking_id: id })
        // Signed anew each time: a signature is good for five minutes, the event's id is the same.
        const sign = () => standardHeaders(body, { id: `evt_${id}`, secret: system.webhookSecret })
        return await call('/webhooks/booking', sign, body)
      }
      const body = JSON.stringify({ user_id: userId, template: 'booking-confirmation', booking_id: id })
      const headers = { authorization: `Bearer ${system.apiKey}`, 'idempotency-key': `confirm-${id}` }
      return await call(`/v1/jobs/notifications.send?entity=booking:${id}`, () => headers, body)
    },
  }
}

/** The id, or why it is worth another try. */
async function once(url: string, headers: Record<string, string>, body: string): Promise<string | { why: string }> {
  let response: Response
  let text: string
  try {
    const signal = AbortSignal.timeout(callTimeoutMs)
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal,
    })
    text = await response.text()
  } catch (error) {
    return { why: String(error) }
  }
  if (response.status >= 500 || response.status === 409 || response.status === 429)
    return { why: `HTTP ${response.status}` }
  if (!response.ok) throw new Error(`the intake refused a good call with ${response.status}: ${text}`)
  const accepted = answer.parse(JSON.parse(text))
  return 'id' in accepted ? accepted.id : accepted.job_id
}
