import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import notify from '../../queues/notifications/send.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { registerProcess } from '../../src/ledger/processes.ts'
import { startMetricsServer } from '../../src/observability/metrics-server.ts'
import { startIntake } from '../support/intake.ts'

const payload = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' } as const

test('the ledger’s figures are counted: jobs, ages, effects, processes, requests', async () => {
  const intake = await startIntake()
  try {
    const { run, knex } = intake.database
    const due = newJob(notify, payload)
    const later = newJob(notify, payload, { runAt: new Date(Date.now() + 3_600_000) })
    await acceptJobs(run, [due, later])
    await knex('hbnb_jobs.job_live')
      .where({ id: due.id })
      .update({ run_at: new Date(Date.now() - 90_000) })
    const effect = { job_id: due.id, provider: 'sendgrid' }
    await knex('hbnb_jobs.effects').insert([
      { ...effect, id: newJobId(), key: 'new', state: 'accepted' },
      { ...effect, id: '01800000-0000-7000-8000-000000000001', key: 'old', state: 'accepted' },
      { ...effect, id: '01800000-0000-7000-8000-000000000002', key: 'old and unknown', state: 'unknown' },
    ])
    const member = await registerProcess(run, 'worker', { onMissed: () => {} })
    await member.end()
    const alive = await registerProcess(run, 'worker', { onMissed: () => {} })
    await intake.send('GET', '/v1/jobs/no-uuid?entity=booking:42')

    const { text } = await intake.send('GET', '/metrics')
    await alive.end()
    expect(text).toContain('hbnb_jobs_ledger_up 1')
    expect(text).toContain('hbnb_jobs_depth{queue="notifications.send",state="waiting"} 1')
    expect(text).toContain('hbnb_jobs_depth{queue="notifications.send",state="scheduled"} 1')
    expect(text).toMatch(/hbnb_jobs_oldest_due_seconds\{queue="notifications.send"\} 9\d(\.\d+)?/)
    expect(text).toContain('hbnb_jobs_effects{provider="sendgrid",state="accepted"} 1')
    expect(text).toContain('hbnb_jobs_effects{provider="sendgrid",state="unknown"} 1')
    expect(text).toContain('hbnb_jobs_processes{kind="worker",state="running"} 1')
    expect(text).toContain(
      'hbnb_jobs_http_request_duration_seconds_count{method="GET",route="/v1/jobs/{id}",status="400"} 1',
    )
  } finally {
    await intake.close()
  }
})

test('a process without an API serves its metrics and health on a port of its own', async () => {
  const server = await startMetricsServer(0, new Registry(), '127.0.0.1')
  try {
    const at = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })
    expect(await (await at('/healthz')).json()).toEqual({ status: 'ok' })
    expect(await (await at('/metrics')).text()).toContain('process_cpu_user_seconds_total')
    expect((await at('/other')).status).toBe(404)
    expect((await at('/metrics', 'POST')).status).toBe(405)
  } finally {
    await server.close()
  }
})
