import { describe, expect, it } from 'vitest'
import { listSchedules } from '../../../src/ledger/schedules/show-schedules.ts'
import { pauseSchedule } from '../../../src/ledger/schedules/operate.ts'
import { catalogOf, openScheduleWorld, slotContract } from './schedule-world.ts'

const key = 'tests.hourly'
const hourly = catalogOf(slotContract(key, { cron: '0 * * * *' }))
const at = (time: string) => `2026-06-01T${time}Z`

describe('a release', () => {
  it('in the middle changes nothing that did not change: every slot once, with a new relay too', async () => {
    await using world = await openScheduleWorld()
    await world.release(hourly, at('00:30:00'))
    await world.tick(hourly, at('01:00:01'))
    // The old relay is gone, the release comes, the slot passes, the new relay starts.
    await world.release(hourly, at('01:59:58'))
    await world.release(hourly, at('02:00:03'))
    const again = catalogOf(slotContract(key, { cron: '0 * * * *' }))
    await world.tick(again, at('02:00:10'))
    await world.tick(again, at('03:00:00'))
    expect(await world.decisions(key)).toEqual(['01:00:00 run', '02:00:00 run', '03:00:00 run'])
  })

  it('that changes the cron begins at once and replays nothing under the new one', async () => {
    await using world = await openScheduleWorld()
    await world.release(hourly, at('00:30:00'))
    await world.tick(hourly, at('01:00:01'))
    const quarters = catalogOf(slotContract(key, { cron: '*/15 * * * *', missed: { all: 100 } }))
    await world.release(quarters, at('01:50:00'))
    await world.tick(quarters, at('02:00:01'))
    await world.tick(quarters, at('02:15:00'))
    expect(await world.decisions(key)).toEqual(['01:00:00 run', '02:00:00 run', '02:15:00 run'])
  })

  it('that changes the zone alone counts from now as well', async () => {
    await using world = await openScheduleWorld()
    const daily = (zone: string) => catalogOf(slotContract(key, { cron: '0 3 * * *', zone, missed: { all: 9 } }))
    await world.release(daily('UTC'), at('00:30:00'))
    await world.release(daily('Europe/Paris'), at('02:30:00'))
    await world.tick(daily('Europe/Paris'), '2026-06-02T01:00:01Z')
    expect((await world.runs(key)).map(({ slot }) => slot)).toEqual(['2026-06-02T01:00:00.000Z'])
  })

  it('that changes the cron while slots are due decides those first, under the old cron', async () => {
    await using world = await openScheduleWorld()
    const before = catalogOf(slotContract(key, { cron: '0 * * * *', missed: { all: 100 } }))
    await world.release(before, at('00:30:00'))
    const after = catalogOf(slotContract(key, { cron: '7 * * * *', missed: { all: 100 } }))
    await world.release(after, at('03:10:00'))
    await world.tick(after, at('04:07:01'))
    expect(await world.decisions(key)).toEqual(['01:00:00 run', '02:00:00 run', '03:00:00 run', '04:07:00 run'])
  })

  it.each([
    ['is gone', catalogOf()],
    ["says 'none'", catalogOf(slotContract(key, 'none'))],
  ])('whose contract %s takes the schedule along; when it comes back it begins anew', async (_, without) => {
    await using world = await openScheduleWorld()
    await world.release(hourly, at('00:30:00'))
    await pauseSchedule(world.run, key, 'anna', { now: new Date(at('00:40:00')) })
    await world.release(without, at('00:50:00'))
    expect(await listSchedules(world.run)).toEqual([])
    await world.tick(hourly, at('01:00:01'))
    const back = catalogOf(slotContract(key, { cron: '0 * * * *', missed: { all: 100 } }))
    await world.release(back, at('05:30:00'))
    await world.tick(back, at('06:00:01'))
    expect(await world.decisions(key)).toEqual(['06:00:00 run'])
  })

  it('keeps a pause', async () => {
    await using world = await openScheduleWorld()
    await world.release(hourly, at('00:30:00'))
    await pauseSchedule(world.run, key, 'anna')
    await world.release(catalogOf(slotContract(key, { cron: '5 * * * *' })), at('00:50:00'))
    expect(await listSchedules(world.run)).toMatchObject([{ key, cron: '5 * * * *', paused_by: 'anna' }])
  })

  it('two at once end in the same', async () => {
    await using world = await openScheduleWorld()
    const names = Array.from('abcdef', letter => `tests.job-${letter}`)
    const catalog = catalogOf(...names.map(name => slotContract(name, { cron: '0 * * * *' })))
    const backwards = catalogOf(...[...catalog.values()].toReversed())
    await Promise.all([catalog, backwards, catalog, backwards].map(one => world.release(one, at('00:30:00'))))
    expect((await listSchedules(world.run)).map(schedule => schedule.key)).toEqual(names)
  })

  it.each([
    ['cron', { cron: '99 * * * *' }],
    ['zone', { cron: '0 * * * *', zone: 'Europe/Atlantis' }],
    ['overlap', { cron: '0 * * * *', missed: { all: 3 }, overlap: 'skip' as const }],
  ])('with a schedule that cannot be used names its contract and %s, and changes nothing', async (field, schedule) => {
    await using world = await openScheduleWorld()
    await world.release(hourly, at('00:30:00'))
    const faulty = catalogOf(slotContract('tests.aaa', { cron: '0 * * * *' }), slotContract(key, schedule))
    await expect(world.release(faulty, at('00:40:00'))).rejects.toThrow(new RegExp(`${key}.*${field}`))
    expect((await listSchedules(world.run)).map(one => one.key)).toEqual([key])
  })
})
