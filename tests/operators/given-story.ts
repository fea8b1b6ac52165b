import type { Knex } from 'knex'
import { childJobId, newJobId } from '../../src/ledger/job-id.ts'

/** The ids of a story made by {@link givenStory}. */
export interface GivenStory {
  readonly webhooks: string
  readonly notify: string
  readonly email: string
  readonly sms: string
  readonly push: string
}

const startMs = Date.UTC(2026, 10, 22, 8, 0, 0)
const at = (ms: number): Date => new Date(startMs + ms)

/**
 * A confirmed booking as the engine would leave it, with known times: the e-mail's worker crashes after sending, the SMS
 * is tried twice, the push is accepted at once. `until` leaves out everything later (ms since the event).
 */
export async function givenStory(knex: Knex, bookingId: string, { until = Infinity } = {}): Promise<GivenStory> {
  const entity = `booking:${bookingId}`
  const webhooks = newJobId()
  const notify = childJobId(webhooks, 'notify-guest')
  const email = childJobId(notify, 'email')
  const sms = childJobId(notify, 'sms')
  const push = childJobId(notify, 'push')
  const inbox = newJobId()

  const job = async (
    id: string,
    name: string,
    parent: string | null,
    key: string | null,
    ms: number,
    payload: object,
  ) => {
    if (ms > until) return
    await knex('hbnb_jobs.jobs').insert({
      id,
      name,
      version: 1,
      payload: JSON.stringify(payload),
      tenant: 'default',
      entity,
      parent_id: parent,
      child_key: key,
      priority: 5,
      run_at: at(ms),
      accepted_at: at(ms),
    })
  }
  /** `runs` are the starts and ends of all runs; the last one completes the job. */
  const end = async (id: string, name: string, runs: readonly (readonly [started: number, ended: number])[]) => {
    const [started, ended] = runs.at(-1) ?? [0, 0]
    if (ended <= until) {
      const times = { started_at: at(started), finished_at: at(ended) }
      await knex('hbnb_jobs.job_outcomes').insert({ id, outcome: 'completed', attempts: runs.length, ...times })
      return
    }
    const running = runs.find(([from, to]) => from <= until && until < to)
    await knex('hbnb_jobs.job_live').insert({
      id,
      name,
      priority: 5,
      run_at: at(0),
      run: 1,
      state: running ? 'running' : 'queued',
      started_at: running ? at(running[0]) : null,
      attempts: runs.filter(([, to]) => to <= until).length,
    })
  }
  const attempt = async (id: string, ending: string, startedMs: number, ms: number, error: object) => {
    if (ms > until) return
    await knex('hbnb_jobs.job_attempts').insert({
      job_id: id,
      attempt: 1,
      token: 1,
      started_at: at(startedMs),
      ended_at: at(ms),
      ending,
      error: JSON.stringify(error),
    })
  }
  const effect = async (id: string, key: string, provider: string, providerId: string, times: EffectTimes) => {
    if (times.reserved > until) return
    const settled = times.settled <= until
    const sent = times.sent <= until
    const isLost = sent && !settled && times.evidence !== undefined
    await knex('hbnb_jobs.effects').insert({
      id: newJobId(),
      job_id: id,
      key,
      provider,
      state: settled ? 'accepted' : isLost ? 'unknown' : sent ? 'sending' : 'reserved',
      sends: times.sends ?? 1,
      provider_id: settled ? providerId : null,
      evidence: settled ? (times.evidence ?? 'answer') : null,
      reserved_at: at(times.reserved),
      sent_at: sent ? at(times.sent) : null,
      unknown_at: isLost ? at(times.sent + 40) : null,
      settled_at: settled ? at(times.settled) : null,
    })
  }

  await knex('hbnb_jobs.webhook_inbox').insert({
    id: inbox,
    source: 'booking',
    event_id: `evt_${bookingId}`,
    scheme: 'standard',
    type: 'booking.confirmed',
    body: JSON.stringify({ event: 'booking.confirmed', booking_id: bookingId, guest_email: 'camille@example.test' }),
    body_sha256: inbox,
    entity,
    received_at: at(0),
    job_id: webhooks,
    handled: until > 30 ? 'processed' : null,
  })
  await job(webhooks, 'webhooks.process', null, null, 0.4, { inbox_id: inbox })
  await end(webhooks, 'webhooks.process', [[14, 31]])
  await job(notify, 'notifications.send', webhooks, 'notify-guest', 22, { user_id: 'user-7', booking_id: bookingId })
  if (until >= 58) {
    await knex('hbnb_jobs.notifications').insert({
      id: notify,
      user_id: 'user-7',
      template: 'booking-confirmation',
      template_version: 1,
      locale: 'fr',
      data: JSON.stringify({ guest_first_name: 'Camille' }),
      entity,
      created_at: at(58),
    })
    await knex('hbnb_jobs.deliveries').insert(
      Object.entries({ email, sms, push }).map(([channel, id]) => ({
        id,
        notification_id: notify,
        channel,
        decision: 'send',
        job_id: id,
        created_at: at(58),
      })),
    )
  }
  await job(email, 'email.send', notify, 'email', 58, { delivery_id: email })
  await job(sms, 'sms.send', notify, 'sms', 58.1, { delivery_id: sms })
  await job(push, 'push.send', notify, 'push', 58.2, { delivery_id: push })
  await end(notify, 'notifications.send', [[45, 69]])

  await effect(push, 'device:9f2c', 'fcm', 'projects/hbnb-mobile/messages/0:1763798400', {
    reserved: 92,
    sent: 95,
    settled: 131,
  })
  await end(push, 'push.send', [[88, 134]])
  await attempt(sms, 'retry', 90, 142, { name: 'TemporaryError', code: 'twilio-503', message: 'Twilio answered 503' })
  await effect(email, 'mail', 'sendgrid', '14c5d75ce93.dfd.64b469', {
    reserved: 94,
    sent: 99,
    settled: 6_410,
    evidence: 'event',
  })
  await attempt(email, 'crashed', 91, 5_930, {
    name: 'Crash',
    code: 'worker-crashed',
    message: 'the worker process ended without finishing this run',
  })
  await effect(sms, 'sms', 'twilio', 'SM8f0c2b7d9e4a41b6a7c3d5e6f7a8b9c0', {
    reserved: 97,
    sent: 1_224,
    settled: 1_262,
    sends: 2,
  })
  await end(sms, 'sms.send', [
    [90, 142],
    [1_215, 1_266],
  ])
  await end(email, 'email.send', [
    [91, 5_930],
    [6_221, 6_428],
  ])
  return { webhooks, notify, email, sms, push }
}

interface EffectTimes {
  readonly reserved: number
  readonly sent: number
  readonly settled: number
  readonly sends?: number
  readonly evidence?: 'answer' | 'event' | 'lookup' | 'policy'
}
