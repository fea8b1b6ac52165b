import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { newJobId } from '../../src/ledger/job-id.ts'
import { pauseForConfig, pauseQueue } from '../../src/ledger/settings.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { keptLog } from '../observability/kept-log.ts'
import { until } from '../support/until.ts'
import { type AlertWorld, startAlertWorld } from './world.ts'

const told = z.object({
  text: z.string(),
  alerts: z.array(
    z.object({
      kind: z.string(),
      subject: z.string().nullable(),
      signature: z.string().nullable(),
      text: z.string(),
      runbook: z.string(),
      story: z.string().nullable(),
    }),
  ),
})

let world: AlertWorld
beforeEach(async () => {
  world = await startAlertWorld()
})
afterEach(async () => {
  await world.close()
})

const messages = () => world.hook.calls.map(({ body }) => told.parse(JSON.parse(body)))
const alertsTold = () => messages().flatMap(({ alerts }) => alerts)

async function heldUntilMs(): Promise<number> {
  const lease = await world.database.knex('hbnb_jobs.leases').where({ name: 'alerts' }).first()
  return lease?.held_until.getTime() ?? 0
}

/** Waits until whoever has the lease has looked again: each look begins with the lease. */
async function lookedAgain(): Promise<void> {
  for (const step of ['a look', 'the next one']) {
    const before = await heldUntilMs()
    await until(step, async () => (await heldUntilMs()) > before)
  }
}

/** As if so many minutes had passed since all that was written. */
async function passMinutes(minutes: number): Promise<void> {
  await world.database.knex.raw(
    `with past as (select ? * interval '1 minute' as age),
          ended as (update hbnb_jobs.job_outcomes set finished_at = finished_at - age from past),
          looked as (update hbnb_jobs.alert_channels set looked_until = looked_until - age from past)
     update hbnb_jobs.alerts_sent set sent_at = sent_at - age, held_since = held_since - age from past`,
    [minutes],
  )
}

/** As if an alert had been told so much earlier. */
async function toldEarlier(signature: string, byHours: number): Promise<void> {
  await world.database.knex.raw(
    `update hbnb_jobs.alerts_sent set sent_at = sent_at - ? * interval '1 hour' where key like ?`,
    [byHours, `%|${signature}`],
  )
}

describe('alerts by webhook', { timeout: 120_000 }, () => {
  it('group dead letters by queue and error, with what to do and where to look', async () => {
    const first = await world.ended('email.send', 'failed', 'no booking 17 of chloe@example.org')
    await world.ended('email.send', 'failed', 'no booking 42 of zoe@example.org')
    await world.ended('sms.send', 'quarantined', 'its process died')
    await world.ended('email.send', 'failed', 'a test', 'default:test')
    await world.ended('email.send', 'completed', 'fine')
    world.start({ PUBLIC_URL: 'http://jobs.example' })
    await until('a message', () => world.hook.calls.length > 0)
    expect(alertsTold()).toEqual([
      expect.objectContaining({
        kind: 'dead-letters',
        subject: 'email.send',
        signature: 'Error:no booking # of …',
        text: '2 jobs of email.send failed for good: Error:no booking # of …',
        runbook: 'docs/operations/runbook.md#dead-letters',
        story: `http://jobs.example/admin/story/job/${first}`,
      }),
      expect.objectContaining({ kind: 'quarantined', subject: 'sms.send' }),
    ])
    expect(messages()[0]?.text).toContain('hbnb-jobs: dead-letters email.send, quarantined sms.send')
    expect(JSON.stringify(world.hook.calls)).not.toContain('example.org')
  })

  it('are told once an hour for each queue and error, by whichever process, also after a restart', async () => {
    await world.ended('email.send', 'failed', 'broken')
    const one = world.start()
    world.start()
    await until('a message', () => world.hook.calls.length > 0)
    await world.ended('email.send', 'failed', 'broken')
    await lookedAgain()
    await lookedAgain()
    await one.stop()
    world.start()
    await lookedAgain()
    expect(alertsTold()).toHaveLength(1)

    await world.ended('email.send', 'failed', 'broken otherwise')
    await until('the other error', () => alertsTold().length === 2)
    await toldEarlier('Error:broken', 2)
    await world.ended('email.send', 'failed', 'broken')
    await until('the first error again', () => alertsTold().length === 3)
  })

  it('that come again within the hour and then no more are told when the hour is over, counted once', async () => {
    await world.ended('email.send', 'failed', 'broken')
    await world.ended('email.send', 'failed', 'broken')
    const first = world.start()
    await until('a message', () => world.hook.calls.length > 0)
    await lookedAgain()
    await passMinutes(30)
    const again = await world.ended('email.send', 'failed', 'broken')
    await lookedAgain()
    await world.ended('sms.send', 'failed', 'broken too')
    await until('another error', () => alertsTold().length === 2)
    await passMinutes(1)
    await lookedAgain()
    await first.stop()
    expect(alertsTold()).toHaveLength(2)

    await passMinutes(30)
    world.start()
    await until('the first error again', () => alertsTold().length === 3)
    await lookedAgain()
    expect(alertsTold().slice(2)).toEqual([
      expect.objectContaining({
        subject: 'email.send',
        text: '1 job of email.send failed for good: Error:broken',
        story: expect.stringContaining(again),
      }),
    ])
  })

  it('tell of pauses by refused credentials, old due jobs, missed and late schedules, and no relay', async () => {
    const { run, knex } = world.database
    await pauseForConfig(run, 'email.send', 'sendgrid-key: SendGrid refused our key')
    await pauseQueue(run, 'push.send', 'zoe', 'by hand')
    const waiting = { priority: 5, run_at: new Date(Date.now() - 3_600_000), lane: 'default' }
    await knex('hbnb_jobs.job_live').insert([
      { ...waiting, id: newJobId(), name: 'sms.send' },
      { ...waiting, id: newJobId(), name: 'push.send' },
    ])
    const schedule = {
      job_name: 'x.y',
      source: 'api',
      cron: '* * * * *',
      zone: 'UTC',
      missed: 'skip',
      missed_cap: 1,
      overlap: 'skip',
      tenant: 'default',
      decided_until: new Date(),
    }
    await knex('hbnb_jobs.schedules').insert({ ...schedule, key: 'nightly', look_at: new Date(Date.now() - 3_600_000) })
    await knex('hbnb_jobs.schedule_runs').insert({
      schedule_key: 'nightly',
      slot: new Date(),
      decision: 'skipped-missed',
    })
    const today = { day: knex.raw(`(now() at time zone 'utc')::date`), messages: 20_000, spent_minor: '159600.00' }
    await knex('hbnb_jobs.sms_days').insert({ ...today, refused: 3, refused_at: new Date() })
    await world.relaySeen(new Date(Date.now() - 120_000))
    await knex('hbnb_jobs.processes').insert({
      kind: 'intake',
      host: 'h',
      pid: 2,
      started_at: new Date(Date.now() - 600_000),
    })
    world.start()
    await until('a message', () => world.hook.calls.length > 0)
    expect(alertsTold().map(({ kind, subject }) => [kind, subject])).toEqual([
      ['relay-absent', null],
      ['paused-by-config', 'email.send'],
      ['oldest-due', 'sms.send'],
      ['schedule-missed', 'nightly'],
      ['schedule-late', 'nightly'],
      ['sms-cap', 'sms.send'],
    ])
    expect(alertsTold().at(-1)?.text).toBe(
      'The SMS of the day are used up: 20000 sent for 159600 minor units, 3 not sent.',
    )
    expect(alertsTold()[2]?.text).toBe(
      '1 job of sms.send should have been started long ago, the oldest 60 minutes ago.',
    )
  })

  it('that were not taken are sent again, also with what has come meanwhile, and the log has no secret', async () => {
    world.hook.status = 500
    const { log, lines } = keptLog()
    await world.ended('email.send', 'failed', 'broken')
    world.start({}, log)
    await until('two tries', () => world.hook.calls.length >= 2)
    await world.ended('sms.send', 'failed', 'broken too')
    world.hook.status = 302
    const tries = world.hook.calls.length
    await until('a redirect is not followed', () => world.hook.calls.length > tries)
    world.hook.calls.length = 0
    world.hook.status = 200
    await until('all alerts', () => alertsTold().length >= 2)
    await lookedAgain()
    expect(new Set(alertsTold().map(({ subject }) => subject))).toEqual(new Set(['email.send', 'sms.send']))
    expect(world.hook.calls.every(({ path }) => path === '/alerts?token=secret-token')).toBe(true)
    expect(JSON.stringify(lines)).toContain('it answered 500')
    expect(JSON.stringify(lines)).not.toContain('secret-token')
  })
})

it('a delivery under way is given up when the process stops, and made by the next', async () => {
  world.hook.silent = true
  await world.ended('email.send', 'failed', 'broken')
  const { log, lines } = keptLog()
  const first = world.start({}, log)
  await until('a call that is not answered', () => world.hook.calls.length === 1)
  const startedMs = performance.now()
  await first.stop()
  expect(performance.now() - startedMs).toBeLessThan(5_000)
  expect(lines).toEqual([])
  world.hook.silent = false
  world.start()
  await until('the same alert', () => world.hook.calls.length === 2)
})

it('alerts by e-mail go straight through the mail provider', async () => {
  const sandbox = await startSandbox()
  try {
    await world.ended('email.send', 'failed', 'a <b> tag')
    const alerts = world.start({ ALERT_WEBHOOK_URL: '', ALERT_EMAIL: 'on-call@hbnb.example', SANDBOX_URL: sandbox.url })
    const mails = await until('a mail', async () => {
      const effects = await sandboxControl(sandbox.url).effects()
      return effects.length > 0 ? effects : undefined
    })
    const text = JSON.stringify(mails)
    expect(text).toContain('on-call@hbnb.example')
    expect(text).toContain('hbnb-jobs: dead-letters email.send')
    expect(text).toContain('a &lt;b&gt; tag')
    await alerts.stop()
    expect(await sandboxControl(sandbox.url).effects()).toHaveLength(1)
  } finally {
    await sandbox.close()
  }
})

it('without a channel nothing is looked at', async () => {
  await world.start({ ALERT_WEBHOOK_URL: '' }).stop()
  expect(await world.database.knex('hbnb_jobs.leases')).toEqual([])
})
