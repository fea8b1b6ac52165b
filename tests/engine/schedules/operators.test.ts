import { describe, expect, it } from 'vitest'
import { pauseSchedule, resumeSchedule, runScheduleNow } from '../../../src/ledger/schedules/operate.ts'
import { removeSchedule } from '../../../src/ledger/schedules/put-schedule.ts'
import { ScheduleRefused } from '../../../src/ledger/schedules/schedule-refused.ts'
import { listSchedules, previewSchedule } from '../../../src/ledger/schedules/show-schedules.ts'
import { catalogOf, openScheduleWorld, slotContract } from './schedule-world.ts'

const key = 'tests.hourly'
const at = (time: string) => `2026-06-01T${time}Z`
const clock = (time: string) => ({ now: new Date(at(time)) })

describe('a pause', () => {
  it('skips every slot that passes, and the resume runs none of them', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '0 * * * *', missed: { all: 100 } }))
    await world.release(catalog, at('00:30:00'))
    await world.tick(catalog, at('01:00:01'))
    expect(await pauseSchedule(world.run, key, 'anna', clock('01:30:00'))).toBe(true)
    await world.tick(catalog, at('02:00:01'))
    // No relay looks at 03:00 and 04:00 before the resume.
    expect(await resumeSchedule(world.knex, catalog, key, clock('04:30:00'))).toBe(true)
    await world.tick(catalog, at('05:00:01'))
    expect(await world.decisions(key)).toEqual([
      '01:00:00 run',
      '02:00:00 skipped-paused',
      '03:00:00 skipped-paused',
      '04:00:00 skipped-paused',
      '05:00:00 run',
    ])
    expect(await world.payloads(key)).toHaveLength(2)
  })

  it('names who paused first and since when, and has no next slot', async () => {
    await using world = await openScheduleWorld()
    await world.release(catalogOf(slotContract(key, { cron: '0 * * * *' })), at('00:30:00'))
    await pauseSchedule(world.run, key, 'anna', clock('01:30:00'))
    await pauseSchedule(world.run, key, 'bob', clock('01:40:00'))
    expect(await listSchedules(world.run, { key })).toMatchObject([
      { paused_by: 'anna', paused_at: '2026-06-01T01:30:00.000Z', next_slot: null },
    ])
  })

  it('is answered false where there is no such schedule', async () => {
    await using world = await openScheduleWorld()
    expect(await pauseSchedule(world.run, 'nobody', 'anna')).toBe(false)
    expect(await resumeSchedule(world.knex, catalogOf(), 'nobody')).toBe(false)
    expect(await runScheduleNow(world.knex, catalogOf(), 'nobody', 'anna')).toBeUndefined()
  })
})

describe('whoever may act for one tenant', () => {
  it('touches no schedule of another, whatever it was when it was looked at', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '0 * * * *' }))
    await world.release(catalog, at('00:30:00'))
    const [schedule] = await listSchedules(world.run, { key })
    const stranger = { tenant: 'stranger' }
    expect(await pauseSchedule(world.run, key, 'eve', stranger)).toBe(false)
    expect(await resumeSchedule(world.knex, catalog, key, stranger)).toBe(false)
    expect(await runScheduleNow(world.knex, catalog, key, 'eve', stranger)).toBeUndefined()
    expect(await removeSchedule(world.knex, key, stranger)).toBe(false)
    expect(await previewSchedule(world.run, catalog, { key, ...stranger }, 1)).toBeUndefined()
    expect(await listSchedules(world.run, { key })).toMatchObject([{ paused_at: null, last: null }])
    expect(await pauseSchedule(world.run, key, 'anna', { tenant: schedule?.tenant })).toBe(true)
  })
})

describe('a run by hand', () => {
  it('is recorded as such, with who asked, also while paused and while a run is open', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '0 0 1 1 *', overlap: 'skip' }))
    await world.release(catalog, at('00:30:00'))
    await pauseSchedule(world.run, key, 'bob')
    const ids = await Promise.all(['anna', 'bob', 'eve'].map(who => runScheduleNow(world.knex, catalog, key, who)))
    const runs = await world.runs(key)
    expect(runs.map(({ decision }) => decision)).toEqual(['by-hand', 'by-hand', 'by-hand'])
    expect(new Set(runs.map(({ decided_by }) => decided_by))).toEqual(new Set(['anna', 'bob', 'eve']))
    expect(new Set(runs.map(({ job_id }) => job_id))).toEqual(new Set(ids))
    // The payload is that of its own slot.
    expect(await world.payloads(key)).toEqual(runs.map(({ slot }) => slot))
  })

  it('counts as an open run for the next slot', async () => {
    await using world = await openScheduleWorld()
    const catalog = catalogOf(slotContract(key, { cron: '0 * * * *', overlap: 'skip' }))
    await world.release(catalog, at('00:30:00'))
    await runScheduleNow(world.knex, catalog, key, 'anna')
    await world.tick(catalog, at('01:00:01'))
    expect((await world.runs(key)).map(({ decision }) => decision).toSorted()).toEqual(['by-hand', 'skipped-overlap'])
  })

  it('is refused when its job type is gone from this release', async () => {
    await using world = await openScheduleWorld()
    await world.release(catalogOf(slotContract(key, { cron: '0 * * * *' })), at('00:30:00'))
    await expect(runScheduleNow(world.knex, catalogOf(), key, 'anna')).rejects.toThrow(ScheduleRefused)
    expect(await world.runs(key)).toEqual([])
  })
})
