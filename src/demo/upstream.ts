import { createHmac } from 'node:crypto'
import { z } from 'zod'

/** What the intake answered to one webhook, and how long that took. */
export interface WebhookAnswer {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly tookMs: number
}

/** Tells the intake that a booking was confirmed, signed exactly as the platform's guide does it. */
export async function confirmBooking(intakeUrl: string, secret: string, bookingId: string): Promise<WebhookAnswer> {
  const body = JSON.stringify({ event: 'booking.confirmed', booking_id: bookingId })
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const startedMs = performance.now()
  const response = await fetch(`${intakeUrl}/webhooks/booking`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Webhook-Signature': signature },
    body,
  })
  const answer = z.record(z.string(), z.unknown()).parse(await response.json())
  return { status: response.status, body: answer, tookMs: performance.now() - startedMs }
}
