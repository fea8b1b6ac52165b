import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { until } from '../support/until.ts'
import { type AlertWorld, startAlertWorld } from './world.ts'

let world: AlertWorld
beforeEach(async () => {
  world = await startAlertWorld()
})
afterEach(async () => {
  await world.close()
})

async function runOf(schedule: string, outcome: string, slot: Date): Promise<void> {
  const id = await world.ended('system.purge', outcome, 'x')
  await world.database
    .knex('hbnb_jobs.schedule_runs')
    .insert({ schedule_key: schedule, slot, decision: 'run', job_id: id })
}
const pings = () => world.hook.calls.map(({ path }) => path)

describe('heartbeats', () => {
  it('are fetched once for each completed run, not for failed ones, and again when they were not taken', async () => {
    await runOf('system.purge', 'completed', new Date(Date.UTC(2026, 0, 1)))
    await runOf('other', 'failed', new Date(Date.UTC(2026, 0, 1)))
    world.start({
      ALERT_WEBHOOK_URL: '',
      HEARTBEAT_URL: `system.purge=${world.hook.url}/purge?a=b,other=${world.hook.url}/other`,
    })
    await until('a ping', () => world.hook.calls.length > 0)
    world.hook.status = 500
    await runOf('system.purge', 'completed', new Date(Date.UTC(2026, 0, 2)))
    await until('two tries', () => world.hook.calls.length >= 3)
    world.hook.status = 200
    const slot = new Date(Date.UTC(2026, 0, 2))
    await until('it was taken', async () => {
      const row = await world.database.knex('hbnb_jobs.heartbeats').where({ schedule_key: 'system.purge' }).first()
      return row?.pinged_slot.getTime() === slot.getTime()
    })
    expect(new Set(pings())).toEqual(new Set(['/purge?a=b']))
    expect(world.hook.calls[0]?.method).toBe('GET')
  })
})
