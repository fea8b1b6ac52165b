import { afterEach, expect, test, vi } from 'vitest'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { unsubscribeTokens } from '../../src/unsubscribe/token.ts'
import { closedPort } from '../support/closed-port.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { standardHeaders } from '../support/sign-webhook.ts'
import { until } from '../support/until.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
const event = '{"event":"booking.confirmed","booking_id":"42"}'

afterEach(() => {
  vi.restoreAllMocks()
})

async function withIntake(env: Record<string, string>, use: (intake: TestIntake) => Promise<void>): Promise<void> {
  const intake = await startIntake(env)
  try {
    await use(intake)
  } finally {
    await intake.close()
  }
}

test('without Postgres everything that stores is 503 with Retry-After, and the process stays up', async () => {
  // knex tells the console of every connection it could not make.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  await withIntake({ DATABASE_URL: `postgres://hbnb@127.0.0.1:${await closedPort()}/none` }, async intake => {
    const answers = await Promise.all([
      intake.send('POST', '/v1/jobs/notifications.send', payload),
      intake.send('POST', '/v1/jobs/notifications.send', payload, { 'idempotency-key': 'k' }),
      intake.send('POST', '/v1/jobs/notifications.send', payload, { authorization: `Bearer hbnb_${'A'.repeat(43)}` }),
      intake.send('POST', '/webhooks/booking', event, standardHeaders(event)),
      intake.send('GET', '/v1/jobs/00000000-0000-7000-8000-000000000000'),
    ])
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, json: { type: '/problems/database-away' } })
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/)
      expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONNREFUSED/)
    }
    const token = unsubscribeTokens(intake.config.mail.unsubscribeSecrets).seal({
      addressSha256: '0'.repeat(64),
      locale: 'en',
      category: 'news',
    })
    for (const method of ['GET', 'POST']) {
      const page = await intake.send(method, `/unsubscribe/${token}`)
      expect(page).toMatchObject({ status: 503, text: expect.stringContaining('try again in a few minutes') })
    }
    expect(await intake.send('GET', '/healthz')).toMatchObject({ status: 200, json: { status: 'ok' } })
    expect(await intake.send('GET', '/readyz')).toMatchObject({
      status: 503,
      json: { type: '/problems/not-ready', missing: ['postgres', 'queue'] },
    })
    const metrics = await intake.send('GET', '/metrics')
    expect(metrics.status).toBe(200)
    expect(metrics.text).toMatch(/^hbnb_jobs_ledger_up 0$/m)
  })
})

test('a connection cut while a job is being stored: 503 says that the outcome is not known', async () => {
  await withIntake({}, async intake => {
    const { knex } = intake.database
    const answer = await knex.transaction(async tx => {
      await tx.raw('lock table hbnb_jobs.jobs in exclusive mode')
      const sent = intake.send('POST', '/v1/jobs/notifications.send', payload)
      await until('the insert that waits is cut off', async () => {
        const { rows } = await knex.raw<{ rows: unknown[] }>(
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and wait_event_type = 'Lock' and query like '%insert into hbnb_jobs.jobs%'`,
        )
        return rows.length > 0
      })
      return await sent
    })
    expect(answer).toMatchObject({
      status: 503,
      json: { type: '/problems/database-away', detail: 'outcome unknown, repeat with the same Idempotency-Key' },
    })
    expect(await intake.count('jobs')).toBe(0)
    expect(await intake.send('POST', '/v1/jobs/notifications.send', payload)).toMatchObject({ status: 202 })
  })
})

test('with Postgres and the queue store there it is ready', async () => {
  await withIntake({}, async intake => {
    expect(await intake.send('GET', '/readyz')).toMatchObject({ status: 503, json: { missing: ['queue'] } })
    await migrateQueueSchema(intake.config.queue.url)
    expect(await intake.send('GET', '/readyz')).toMatchObject({ status: 200, json: { status: 'ready' } })
  })
})

test('a domain that is not served is 501 and names the setting', async () => {
  await withIntake({ DOMAINS: 'email' }, async intake => {
    const job = await intake.send('POST', '/v1/jobs/notifications.send', payload)
    expect(job).toMatchObject({ status: 501, json: { type: '/problems/domain-absent', variable: 'DOMAINS' } })
    const webhook = await intake.send('POST', '/webhooks/booking', event, standardHeaders(event))
    expect(webhook).toMatchObject({ status: 501, json: { variable: 'DOMAINS' } })
    expect(await intake.count('jobs')).toBe(0)
  })
})

test('a queue store that is away takes no job from anybody', async () => {
  await withIntake({ QUEUE_URL: `redis://127.0.0.1:${await closedPort()}` }, async intake => {
    expect(await intake.send('POST', '/v1/jobs/notifications.send', payload)).toMatchObject({ status: 202 })
    expect(await intake.send('GET', '/readyz')).toMatchObject({ status: 503, json: { missing: ['queue'] } })
  })
})
