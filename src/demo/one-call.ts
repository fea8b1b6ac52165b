import { z } from 'zod'
import type { Evidence } from './evidence.ts'
import type { Parts } from './parts.ts'
import { type DemoBooking, tell, tellBooking } from './platform.ts'
import { waitFor } from './wait-for.ts'

const sentWithinMs = 15_000
/** Which of the bookings that the demo makes up. */
const bookingIndex = 4

const accepted = z.object({ id: z.string() })
const shown = z.object({
  state: z.string(),
  results: z.object({ push: z.boolean().nullable(), email: z.boolean().nullable(), sms: z.boolean().nullable() }),
  deliveries: z.array(z.object({ channel: z.string(), reason: z.string().nullable() })),
})

/** The guide's call: title, body and data reach somebody on the channels they want; this one wants no SMS. */
export async function oneCall(parts: Parts, run: string): Promise<{ booking: DemoBooking; row: Evidence }> {
  const what = 'one call for push, e-mail and SMS, by the settings of the user'
  const booking = await tellBooking(parts, run, bookingIndex)
  const reader = `guest-${booking.id}`
  await tell(parts, `users/${reader}/preferences`, { notifications: { account: { sms: false } } })
  const { id } = accepted.parse(
    await ask(parts, 'POST', '/v1/notifications', {
      to: { user_id: reader },
      title: 'Votre hôte vous a écrit',
      body: 'Les clés sont chez la boulangère, à côté de l’église. Bel été 🌻',
      data: { type: 'booking_update', booking_id: booking.id },
      entity: booking.entity,
    }),
  )
  const done = await waitFor(async () => {
    const now = shown.parse(await ask(parts, 'GET', `/v1/notifications/${id}`))
    return now.state === 'sent' ? now : undefined
  }, sentWithinMs)
  const recipients = [booking.device, booking.email, booking.phone]
  const effects = await Promise.all(recipients.map(async recipient => await parts.sandbox.effects({ recipient })))
  const counts = { asked: 2, sent: effects.flat().length }
  if (done === undefined) return { booking, row: { what, ...counts, seen: 'was not sent', ok: false } }
  const { push, email, sms } = done.results
  const why = done.deliveries.find(({ channel }) => channel === 'sms')?.reason ?? 'no reason'
  const seen = `push ${push}, e-mail ${email}, SMS ${sms} (${why})`
  const isRight = push === true && email === true && sms === false && why === 'category-switched-off'
  return { booking, row: { what, ...counts, seen, ok: isRight && counts.sent === counts.asked } }
}

async function ask({ intakeUrl, apiKey }: Parts, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${intakeUrl}${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
  return await response.json()
}
