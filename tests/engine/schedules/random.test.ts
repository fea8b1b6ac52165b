import { describe, expect, it } from 'vitest'
import type { MissedPolicy } from '../../../src/domain/schedules/decide-slots.ts'
import { slotsAfter } from '../../../src/domain/schedules/slots.ts'
import { readCron } from '../../../src/ledger/schedules/read-cron.ts'
import { seeded } from '../../domain/schedules/seeded.ts'
import { catalogOf, openScheduleWorld, slotContract } from './schedule-world.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const zones = ['Europe/Paris', 'America/New_York', 'Pacific/Auckland', 'Australia/Lord_Howe']
/** In each zone clocks change within two weeks of one of these. */
const seasons = ['2026-03-25T00:00:00Z', '2026-10-18T00:00:00Z'].map(iso => Date.parse(iso))
const policies: MissedPolicy[] = ['skip', 'once', { all: 3 }, { all: 500 }]
const rounds = 15
const passesPerRound = 12

describe('random crons, zones and downtimes', () => {
  it.each(policies)('missed %j: every slot is recorded once, and runs as the policy says', async missed => {
    await using world = await openScheduleWorld()
    const random = seeded(JSON.stringify(missed).length)
    for (let round = 0; round < rounds; round += 1) {
      const key = `tests.round-${Array.from(String(round), digit => 'abcdefghij'[Number(digit)]).join('')}`
      const zone = zones[random.below(zones.length)] ?? 'UTC'
      const hours = random.below(2) === 0 ? '*' : random.subset(24, 6).join()
      const cron = `${random.subset(60, 2).join()} ${hours} * * ${random.below(3) === 0 ? random.subset(7, 3).join() : '*'}`
      const catalog = catalogOf(slotContract(key, { cron, zone, missed }))
      const start = (seasons[random.below(seasons.length)] ?? 0) + random.below(14 * dayMs)
      await world.release(catalog, new Date(start).toISOString())

      const slots: number[] = []
      const toRun: number[] = []
      let now = start
      for (let pass = 0; pass < passesPerRound; pass += 1) {
        const before = now
        // Mostly a look at once after a slot, sometimes an absence.
        const next = slotsAfter(readCron(cron), zone, before).next().value ?? before
        now = random.below(3) === 0 ? before + random.below(2 * dayMs) : next + random.below(1_900)
        await world.tick(catalog, new Date(now).toISOString())
        const due = within(cron, zone, before, now)
        slots.push(...due)
        const following = slotsAfter(readCron(cron), zone, now).next().value ?? now
        toRun.push(...expectedRuns(due, following, now, missed))
      }

      const said = `${cron} in ${zone} from ${new Date(start).toISOString()}`
      expect(
        (await world.runs(key)).map(({ slot }) => Date.parse(slot)),
        said,
      ).toEqual(slots)
      expect(
        (await world.payloads(key)).map(at => Date.parse(at)),
        said,
      ).toEqual(toRun)
    }
  })
})

function within(cron: string, zone: string, after: number, until: number): number[] {
  const found: number[] = []
  for (const slot of slotsAfter(readCron(cron), zone, after)) {
    if (slot > until) break
    found.push(slot)
  }
  return found
}

/** Periods here are a minute at least, so a slot is on time for half its period, up to a minute. */
function expectedRuns(due: readonly number[], following: number, now: number, missed: MissedPolicy): number[] {
  const isLate = (slot: number, index: number) =>
    now - slot > Math.min(60_000, ((due[index + 1] ?? following) - slot) / 2)
  const late = due.filter(isLate)
  const onTime = due.filter((slot, index) => !isLate(slot, index))
  if (missed === 'skip') return onTime
  if (missed === 'once') return onTime.length > 0 ? onTime : late.slice(-1)
  return [...late.slice(-missed.all), ...onTime]
}
