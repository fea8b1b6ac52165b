import { Registry } from 'prom-client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { PermanentError } from '../../src/errors.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { holdBudget } from '../../src/ledger/holds.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { pauseForConfig, pauseQueue } from '../../src/ledger/settings.ts'
import { startRelay } from '../../src/ledger/start-relay.ts'
import { ledgerMetrics } from '../../src/observability/ledger-metrics.ts'
import { relayMetrics } from '../../src/observability/relay-metrics.ts'
import { workerMetrics } from '../../src/observability/worker-metrics.ts'
import { startWorkers } from '../../workers/start-workers.ts'
import { createTestDatabase } from '../setup/database.ts'
import { testEnvironment } from '../support/engine.ts'
import { testJob } from '../support/test-job.ts'
import { until } from '../support/until.ts'
import { keptLog } from './kept-log.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url, { poolMax: 2 })
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

it('the ledger tells of holds, pauses, condemned processes and late schedules', async () => {
  const { run, knex } = database
  await holdBudget(run, 'twilio', 3_600_000, 'rate-limited')
  await pauseForConfig(run, 'email.send', 'sendgrid-key: refused')
  await pauseQueue(run, 'sms.send', 'zoe', 'by hand')
  await knex('hbnb_jobs.processes').insert({ kind: 'worker', host: 'h', pid: 1, condemned_at: new Date() })
  await knex('hbnb_jobs.schedules').insert({
    key: 'late.one',
    job_name: 'late.one',
    source: 'api',
    cron: '* * * * *',
    zone: 'UTC',
    missed: 'skip',
    missed_cap: 1,
    overlap: 'skip',
    tenant: 'default',
    decided_until: new Date(),
    look_at: new Date(Date.now() - 300_000),
  })
  const registry = new Registry()
  ledgerMetrics(registry, run)
  const text = await registry.metrics()
  expect(text).toMatch(/hbnb_jobs_budget_held_seconds\{budget="twilio"\} 3[56]\d\d/)
  expect(text).toContain('hbnb_jobs_queue_paused{queue="email.send",by="runtime"} 1')
  expect(text).toContain('hbnb_jobs_queue_paused{queue="sms.send",by="operator"} 1')
  expect(text).toContain('hbnb_jobs_processes_condemned{kind="worker"} 1')
  expect(text).toContain('hbnb_jobs_schedules_late 1')
  expect(text).toMatch(/hbnb_jobs_schedule_delay_seconds 3\d\d/)
})

it('while Postgres is away there are no figures of the ledger, and it says so', async () => {
  const registry = new Registry()
  ledgerMetrics(registry, async () => {
    throw new Error('away')
  })
  const text = await registry.metrics()
  expect(text).toContain('hbnb_jobs_ledger_up 0')
  expect(text).not.toMatch(/^hbnb_jobs_depth\{/m)
})

it('a relay and a worker count what they do', { timeout: 90_000 }, async () => {
  const type = testJob(async (_payload, { effect }) => {
    const policy = {
      provider: 'sendgrid',
      maxPerCall: 1,
      sendWithinMs: 5_000,
      settle: async () => 'cannot-tell' as const,
      whenUnsettled: { afterMs: 60_000, action: 'close' as const },
    }
    await effect('ok', policy, async () => ({ id: 'x' }))
    await effect('refused', policy, async () => {
      throw new PermanentError('bad-address', 'refused')
    })
    return { n: 1 }
  })
  const environment = await testEnvironment()
  const config = loadConfig(environment.env)
  const [relayRegistry, workerRegistry] = [new Registry(), new Registry()]
  const { log } = keptLog('silent')
  const catalog = new Map([[type.contract.name, type.contract]])
  const ledger = connectDatabase(config.database.url, { poolMax: 2 })
  const relay = await startRelay(catalog, { config, log, registry: relayRegistry })
  const workers = await startWorkers([type], { config, log, registry: workerRegistry }, () => {})
  try {
    await acceptJobs(ledger.run, [newJob(type.contract, { n: 1 })])
    const worked = await until('the attempt is counted', async () => {
      const text = await workerRegistry.metrics()
      return text.includes('hbnb_jobs_attempts_total{queue="test.work",outcome="failed"} 1') ? text : undefined
    })
    expect(worked).toContain('hbnb_jobs_attempt_duration_seconds_count{queue="test.work"} 1')
    expect(worked).toContain('hbnb_jobs_wait_seconds_count{queue="test.work"} 1')
    expect(worked).toContain('hbnb_jobs_provider_call_duration_seconds_count{provider="sendgrid",outcome="ok"} 1')
    expect(worked).toContain('hbnb_jobs_provider_call_duration_seconds_count{provider="sendgrid",outcome="refused"} 1')

    const relayed = await relayRegistry.metrics()
    expect(relayed).toContain('hbnb_jobs_relayed_total 1')
    expect(relayed).toMatch(/hbnb_jobs_relay_pass_duration_seconds_count [1-9]/)
    expect(relayed).toMatch(/hbnb_jobs_relay_last_pass_timestamp_seconds 1[\d.]+/)
    expect(relayed).toContain('hbnb_jobs_processes{kind="relay",state="running"} 1')
  } finally {
    await workers.stop()
    await relay.stop()
    await ledger.close()
    await environment.database.drop()
  }
})

it('every metric has a unit or a count in its name, a help text, and few labels', async () => {
  const registry = new Registry()
  ledgerMetrics(registry, async () => [])
  relayMetrics(registry)
  workerMetrics(registry)
  const metrics = await registry.getMetricsAsJSON()
  expect(metrics.length).toBeGreaterThan(15)
  const countsOfThings = /_(depth|effects|processes|processes_condemned|queue_paused|schedules_late|ledger_up)$/
  for (const { name, help, type } of metrics) {
    expect(help.length).toBeGreaterThan(10)
    if (String(type) === 'counter') expect(name).toMatch(/_total$/)
    else if (!countsOfThings.test(name)) expect(name).toMatch(/_seconds$/)
  }
})
