import { startAlerts } from '../../src/alerts/start-alerts.ts'
import { loadConfig } from '../../src/config/load.ts'
import { connectDatabase } from '../../src/db/connect.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { keptLog } from '../observability/kept-log.ts'
import { createTestDatabase } from '../setup/database.ts'
import { startHook } from './hook.ts'

const lookEveryMs = 30

/** A ledger with a relay that has just been seen, a hook to call, and alerts that look often. */
export async function startAlertWorld() {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url, { poolMax: 3 })
  const { knex, run } = database
  const hook = await startHook()
  const started: { stop(): Promise<void> }[] = []
  const world = {
    database,
    hook,
    async relaySeen(at: Date): Promise<void> {
      await knex('hbnb_jobs.processes').where({ kind: 'relay' }).delete()
      await knex('hbnb_jobs.processes').insert({ kind: 'relay', host: 'h', pid: 1, beat_at: at })
    },
    start(env: Record<string, string> = {}, log = keptLog('silent').log) {
      const config = loadConfig({
        NODE_ENV: 'test',
        ALERT_WEBHOOK_URL: `${hook.url}/alerts?token=secret-token`,
        ...env,
      })
      const alerts = startAlerts({ config, run, log }, lookEveryMs)
      started.push(alerts)
      return alerts
    },
    /** A job that has ended, as the ledger has it. */
    async ended(name: string, outcome: string, message: string, tenant = 'default'): Promise<string> {
      const id = newJobId()
      const job = { id, name, version: 1, payload: {}, tenant, priority: 5, run_at: new Date() }
      await knex('hbnb_jobs.jobs').insert(job)
      const error = { name: 'Error', code: null, message }
      await knex('hbnb_jobs.job_outcomes').insert({ id, outcome, attempts: 1, error })
      return id
    },
    async close(): Promise<void> {
      for (const alerts of started) await alerts.stop()
      await hook.close()
      await database.close()
      await own.drop()
    },
  }
  await world.relaySeen(new Date())
  return world
}

export type AlertWorld = Awaited<ReturnType<typeof startAlertWorld>>
