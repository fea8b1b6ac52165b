import { describe, expect, test } from 'vitest'
import emailSend from '../../queues/email/send.ts'
import notificationsDecide from '../../queues/notifications/decide.ts'
import notificationsSend from '../../queues/notifications/send.ts'
import { insertDeliveries, insertNotification } from '../../src/db/notifications.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { endAs, givenEffect, givenOpen } from '../operators/given-job.ts'
import { openCliWorld } from './cli-world.ts'

const { database, jobs } = await openCliWorld()

const mail = () => givenOpen(database, emailSend, { delivery_id: newJobId() })
const live = (id: string) => database.knex('hbnb_jobs.job_live').where({ id })
const why = async (what: string) => (await jobs('why', what)).out
const ago = (ms: number) => new Date(Date.now() - ms)

/** A process of ours with a fresh heartbeat. */
async function givenProcess(kind: 'worker' | 'relay'): Promise<number> {
  const [row] = await database.knex('hbnb_jobs.processes').insert({ kind, host: 'h1', pid: 4_711 }).returning('id')
  return row.id
}

/** A mail that is sent and an SMS that is not. */
async function givenNotification(userId: string) {
  const id = newJobId()
  const [email, sms] = [await mail(), newJobId()]
  const common = { notification_id: id }
  const notification = {
    id,
    user_id: userId,
    template: 'booking-confirmation',
    template_version: 1,
    locale: 'en' as const,
    data: {},
    push_data: {},
    entity: 'booking:42',
  }
  await database.knex.transaction(async tx => {
    await insertNotification(tx, notification)
    await insertDeliveries(tx, [
      { ...common, id: email, channel: 'email', decision: 'send', reason: null, until: null, job_id: email },
      { ...common, id: sms, channel: 'sms', decision: 'suppress', reason: 'switched-off', until: null, job_id: null },
    ])
  })
  return { id, email, sms }
}

describe('a notification', () => {
  test('tells each channel: decided against, or what became of its job', async () => {
    const { id, email, sms } = await givenNotification('guest-7')
    await endAs(database, email, 'failed')
    for (const asked of ['user:guest-7', id, sms]) {
      const out = await why(asked)
      expect(out).toMatch(
        /SMS of booking-confirmation about booking:42, decided .*: not sent\n {2}It was not sent: they have switched it off\./,
      )
      expect(out).toMatch(
        /e-mail of booking-confirmation .*: failed .*\n {2}It failed at .* after 3 attempt\(s\): SendGrid refused it \(mail-refused\)\./,
      )
    }
  })

  test('of which a channel was put off, says until when and why', async () => {
    const { id, email } = await givenNotification('guest-9')
    const until = new Date('2026-11-23T07:00:00Z')
    await database
      .knex('hbnb_jobs.deliveries')
      .where({ id: email })
      .update({ decision: 'defer', reason: 'quiet-hours', until })
    await endAs(database, email, 'skipped')
    await database.knex('hbnb_jobs.job_outcomes').where({ id: email }).update({ reason: 'read-already', error: null })
    const out = await why(id)
    expect(out).toContain('It was put off until 2026-11-23 07:00:00 UTC: they want to be left alone at this hour.')
    expect(out).toMatch(/There was nothing to do at .*: they had read it already\./)
  })

  test('that is not decided yet is told by its job; of a stranger nothing is known', async () => {
    const payload = { user_id: 'guest-8', template: 'booking-confirmation', booking_id: '9' }
    const id = await givenOpen(database, notificationsSend, payload)
    const error = { name: 'NotYet', code: 'user-not-found', message: 'the platform has not told us of this user' }
    await live(id).update({ last_error: error, run_at: new Date(Date.now() + 600_000) })
    const out = await why('user:guest-8')
    expect(out).toContain(`notifications.send: scheduled  (${id})`)
    expect(out).toContain('the platform has not told us of this user')
    expect(out).toMatch(/it is due in \d+ min/)
    const kept = {
      user_id: 'guest-8',
      locale: 'fr' as const,
      data: {},
      push_data: {},
      entity: null,
      title: 'Clé',
      body: 'Là',
    }
    const decider = await givenOpen(database, notificationsDecide, { notification_id: newJobId() })
    await insertNotification(database.knex, { id: decider, ...kept })
    expect(await why('user:guest-8')).toContain(`notifications.decide: waiting  (${decider})`)
    expect(await jobs('why', 'user:nobody')).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('was the event sent to us?'),
    })
  })
})

describe('a job that waits', () => {
  test('for its queue, its provider, a relay and a worker, says so', async () => {
    const id = await mail()
    await jobs('pause', 'email.send', '--reason', 'too many complaints', '--by', 'ada@hbnb.example')
    await database
      .knex('hbnb_jobs.provider_holds')
      .insert({ budget: 'sendgrid', held_until: new Date(Date.now() + 60_000), reason: '429' })
    const out = await why(id)
    expect(out).toMatch(
      /email\.send is paused since .* by ada@hbnb\.example: too many complaints\. "resume email\.send"/,
    )
    expect(out).toMatch(/Its provider said wait: nothing is sent for another \d+/)
    expect(out).toContain('No relay is alive')
    expect(out).toContain('No worker is alive')
    await jobs('resume', 'email.send')
    await database.knex('hbnb_jobs.provider_holds').delete()
    await givenProcess('relay')
    await givenProcess('worker')
    expect(await why(id)).toMatch(/It is due since .*; 1 worker process\(es\) are alive\. Its turn comes\./)
  })

  test('for a newer one of its key, for its time, or is cancelled while it runs', async () => {
    const [older, newer] = [await mail(), await mail()]
    await database.knex('hbnb_jobs.job_live').whereIn('id', [older, newer]).update({ unique_key: 'place-1' })
    expect(await why(older)).toContain(`A newer job of the same key waits (${newer})`)
    await live(older).update({ state: 'running', owner: await givenProcess('worker'), cancel_requested: true })
    expect(await why(older)).toMatch(
      /It runs now, attempt 1, for .* in process \d+ \(pid 4711 on h1\)\.\n {2}It was asked to stop/,
    )
    const later = await givenOpen(
      database,
      emailSend,
      { delivery_id: newJobId() },
      { runAt: new Date(Date.now() + 7_200_000) },
    )
    expect(await why(later)).toMatch(/It waits for its time: it is due in (2 h|1 h 59 min)\./)
  })

  test('for a send that nobody answered', async () => {
    const id = await mail()
    await givenEffect(database, id, 'mail', 'unknown')
    await database
      .knex('hbnb_jobs.effects')
      .where({ job_id: id })
      .update({ settled_at: null, unknown_at: ago(5_000) })
    await live(id).update({ state: 'parked', run_at: new Date(Date.now() + 60_000) })
    expect(await why(id)).toMatch(/It is parked: it is not known whether sendgrid took "mail" .* It looks again in \d+/)
    await live(id).update({
      attempts: 2,
      state: 'accepted',
      run_at: ago(1_000),
      last_error: { name: 'E', code: null, message: 'answered 503' },
    })
    expect(await why(id)).toContain('2 attempt(s) did not succeed; the last ended with: answered 503.')
  })
})

describe('a job that has ended', () => {
  test('tells how, by whom, and what the provider has', async () => {
    const [done, cancelled, quarantined, skipped] = [await mail(), await mail(), await mail(), await mail()]
    await givenEffect(database, done, 'mail', 'accepted')
    await endAs(database, done, 'completed')
    expect(await why(done)).toMatch(/It was done at .*, at attempt 3\.\n {2}sendgrid took "mail" at .* as m-1\./)
    await jobs('cancel', cancelled, '--by', 'ada@hbnb.example')
    expect(await why(cancelled)).toMatch(
      /It was cancelled at .*: cancelled by an operator\..*\n {2}ada@hbnb\.example did job\.cancel at /,
    )
    await endAs(database, quarantined, 'quarantined')
    expect(await why(quarantined)).toContain('three processes died')
    await endAs(database, skipped, 'skipped')
    await database
      .knex('hbnb_jobs.job_outcomes')
      .where({ id: skipped })
      .update({ reason: `superseded by ${done}` })
    expect(await why(skipped)).toContain(`superseded by ${done}`)
  })

  test('or was never there is said so', async () => {
    expect(await jobs('why', newJobId())).toMatchObject({
      code: 1,
      complaint: expect.stringContaining('no job and no notification'),
    })
    expect(await jobs('why', 'booking:42')).toMatchObject({
      code: 2,
      complaint: expect.stringContaining('story booking:42'),
    })
  })
})
