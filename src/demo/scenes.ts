import type { Evidence } from './evidence.ts'
import type { Parts } from './parts.ts'
import { type DemoBooking, tellBooking } from './platform.ts'
import { confirmBooking } from './upstream.ts'
import { waitFor } from './wait-for.ts'

const mainJobWithinMs = 15_000
const crashWithinMs = 45_000
const settleWithinMs = 30_000
const heldAnswerMs = 20_000

type Channel = 'email' | 'sms' | 'push'
const providerOf = { email: 'sendgrid', sms: 'twilio', push: 'fcm' } as const
const addressOf = { email: 'email', sms: 'phone', push: 'device' } as const

/** How often one channel was asked to reach the guest, and how often it really did, as the provider counted. */
async function counted(parts: Parts, booking: DemoBooking, channel: Channel): Promise<{ asked: number; sent: number }> {
  const { knex } = parts.database
  const jobs = await knex('hbnb_jobs.jobs')
    .where({ name: `${channel}.send`, entity: booking.entity })
    .pluck('id')
  const sent = await parts.sandbox.effects({ provider: providerOf[channel], recipient: booking[addressOf[channel]] })
  return { asked: jobs.length, sent: sent.length }
}

interface EndedJob {
  readonly id: string
  readonly outcome: string
}

async function endOf(
  parts: Parts,
  booking: DemoBooking,
  channel: Channel,
  withinMs: number,
): Promise<EndedJob | undefined> {
  return await waitFor(
    async () =>
      await parts.database
        .knex('hbnb_jobs.jobs as j')
        .join('hbnb_jobs.job_outcomes as o', 'o.id', 'j.id')
        .where({ 'j.name': `${channel}.send`, 'j.entity': booking.entity })
        .first<EndedJob | undefined>('j.id', 'o.outcome'),
    withinMs,
  )
}

async function effectIn(parts: Parts, booking: DemoBooking, channel: Channel, state: string): Promise<boolean> {
  const found = await waitFor(
    async () =>
      await parts.database
        .knex('hbnb_jobs.effects as e')
        .join('hbnb_jobs.jobs as j', 'j.id', 'e.job_id')
        .where({ 'j.name': `${channel}.send`, 'j.entity': booking.entity, 'e.state': state })
        .first('e.id'),
    settleWithinMs,
  )
  return found !== undefined
}

/** The main job: one signed webhook becomes a mail, an SMS and a push; the same webhook again changes nothing. */
export async function mainJob(parts: Parts, run: string): Promise<{ booking: DemoBooking; rows: Evidence[] }> {
  const booking = await tellBooking(parts, run, 0)
  const answer = await confirmBooking(parts.intakeUrl, parts.webhookSecret, booking.id)
  const startedMs = performance.now()
  const rows: Evidence[] = [
    {
      what: 'signed webhook answered',
      seen: `${answer.status} ${String(answer.body.status)} in ${answer.tookMs.toFixed(0)} ms, event and job committed`,
      ok: answer.status === 200 && answer.body.status === 'accepted',
    },
  ]
  const names = { email: 'e-mail accepted', sms: 'SMS accepted', push: 'push accepted' } as const
  for (const channel of ['email', 'sms', 'push'] as const) {
    const ended = await endOf(parts, booking, channel, mainJobWithinMs)
    const counts = await counted(parts, booking, channel)
    const seen = ended ? `${ended.outcome} within ${(performance.now() - startedMs).toFixed(0)} ms` : 'did not end'
    rows.push({ what: names[channel], ...counts, seen, ok: ended?.outcome === 'completed' && isOnce(counts) })
  }
  const again = await confirmBooking(parts.intakeUrl, parts.webhookSecret, booking.id)
  const counts = await counted(parts, booking, 'email')
  rows.push({
    what: 'the same webhook again',
    ...counts,
    seen: `${again.status} ${String(again.body.status)}, nothing new`,
    ok: again.status === 200 && again.body.job_id === answer.body.job_id && isOnce(counts),
  })
  return { booking, rows }
}

/** kill -9 of the worker after the provider took the mail and before it answered. */
export async function killedWhileSending(parts: Parts, run: string): Promise<{ booking: DemoBooking; row: Evidence }> {
  const what = 'kill -9 of the worker while the mail is being sent'
  const booking = await tellBooking(parts, run, 1)
  await parts.sandbox.fault({ provider: 'sendgrid', kind: 'slow', delayMs: heldAnswerMs, match: booking.email })
  await confirmBooking(parts.intakeUrl, parts.webhookSecret, booking.id)
  const taken = await waitFor(
    async () => ((await counted(parts, booking, 'email')).sent > 0 ? true : undefined),
    mainJobWithinMs,
  )
  await parts.killWorker()
  const killedMs = performance.now()
  await parts.startWorker()
  const ended = taken && (await endOf(parts, booking, 'email', crashWithinMs))
  const counts = await counted(parts, booking, 'email')
  const seen = ended
    ? `${ended.outcome} ${((performance.now() - killedMs) / 1_000).toFixed(1)} s after the kill`
    : 'the job did not end'
  return { booking, row: { what, ...counts, seen, ok: ended?.outcome === 'completed' && isOnce(counts) } }
}

/** The provider takes the mail and hangs up; its signed event settles what became of it. */
export async function mailAnswerLost(parts: Parts, run: string): Promise<{ booking: DemoBooking; row: Evidence }> {
  const what = 'provider takes the mail and drops the answer'
  const booking = await tellBooking(parts, run, 2)
  await parts.sandbox.pauseEvents()
  await parts.sandbox.fault({ provider: 'sendgrid', kind: 'accept-then-drop', match: booking.email })
  await confirmBooking(parts.intakeUrl, parts.webhookSecret, booking.id)
  const wasUnknown = await effectIn(parts, booking, 'email', 'unknown')
  await parts.sandbox.resumeEvents()
  const row = await settledRow(parts, booking, 'email', what)
  return { booking, row: { ...row, ok: row.ok && wasUnknown } }
}

/** The provider takes the SMS and hangs up; its callback or its list of sent messages settles what became of it. */
export async function smsAnswerLost(parts: Parts, run: string): Promise<{ booking: DemoBooking; row: Evidence }> {
  const what = 'provider takes the SMS and drops the answer'
  const booking = await tellBooking(parts, run, 3)
  await parts.sandbox.fault({ provider: 'twilio', kind: 'accept-then-drop', match: booking.phone })
  await confirmBooking(parts.intakeUrl, parts.webhookSecret, booking.id)
  return { booking, row: await settledRow(parts, booking, 'sms', what) }
}

/** What told that the provider had taken it: not its answer, which was lost. */
const settledBy: Readonly<Record<string, string>> = {
  event: 'the answer was lost; settled by what the provider signed',
  lookup: 'the answer was lost; settled by a look-up',
}

async function settledRow(parts: Parts, booking: DemoBooking, channel: Channel, what: string): Promise<Evidence> {
  const ended = await endOf(parts, booking, channel, settleWithinMs)
  const counts = await counted(parts, booking, channel)
  const effect = await parts.database
    .knex('hbnb_jobs.effects')
    .where({ job_id: ended?.id ?? null })
    .first<{ evidence: string } | undefined>('evidence')
  const how = settledBy[effect?.evidence ?? '']
  const seen = how ?? (ended ? `not settled, but ${effect?.evidence ?? 'never sent'}` : 'not settled')
  return { what, ...counts, seen, ok: how !== undefined && ended?.outcome === 'completed' && isOnce(counts) }
}

function isOnce({ asked, sent }: { asked: number; sent: number }): boolean {
  return asked === 1 && sent === 1
}
