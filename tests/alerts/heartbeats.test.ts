import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { heartbeatsOf } from '../../src/alerts/heartbeats.ts'
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
  it('whose URL refuses them are tried ever more seldom, until they are taken', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    try {
      await runOf('system.purge', 'completed', new Date(Date.UTC(2026, 0, 1)))
      const faults: unknown[] = []
      const urls = { 'system.purge': `${world.hook.url}/purge` }
      const ping = heartbeatsOf(world.database.run, urls, (_schedule, error) => faults.push(error))
      const lookFor = async (seconds: number) => {
        for (let passed = 0; passed < seconds; passed += 15) {
          await ping(new AbortController().signal)
          vi.advanceTimersByTime(15_000)
        }
      }
      world.hook.status = 404
      await lookFor(3_600)
      // At 0 s, and 30, 60, 120 … s after the one before.
      expect(pings()).toHaveLength(7)
      expect(faults).toHaveLength(7)
      await lookFor(7_200)
      expect(pings()).toHaveLength(9)
      world.hook.status = 200
      await lookFor(7_200)
      expect(pings()).toHaveLength(10)
    } finally {
      vi.useRealTimers()
    }
  })
})
