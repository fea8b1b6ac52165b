import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import { scheduleMetrics } from '../../observability/schedule-metrics.ts'
import { everySoOften } from '../loop.ts'
import type { DecidedSchedule } from './decide-due.ts'
import { maxSchedulesPerPass, tickSchedules } from './tick.ts'

const lookEveryMs = 250
/** After this many slots in a row that met an unfinished run, and again after each so many more, it is said loudly. */
const overlapAlarmEverySkips = 3

/** Starts this process's share of making ticks. Several processes may: one slot is one job. */
export function startScheduler(parts: {
  readonly run: RunStatement
  readonly knex: Knex
  readonly catalog: Catalog
  readonly log: Logger
  readonly registry: Registry
}): { readonly stop: () => Promise<void> } {
  const { run, knex, catalog, log, registry } = parts
  const { ticks, overlapAlarms } = scheduleMetrics(registry)
  // Callers of the API may make any number of schedules: they share one label.
  const labelOf = (key: string): string => (catalog.has(key) ? key : 'api')

  function onDecided({ key: schedule, slots, overlapSkips, refusal }: DecidedSchedule): void {
    for (const { decision } of slots) ticks.inc({ schedule: labelOf(schedule), decision })
    const missed = slots.filter(({ decision }) => decision === 'skipped-missed')
    if (missed.length > 0) {
      log.warn({ schedule, missed: missed.length, since: missed[0]?.slot }, 'slots were missed and not made up for')
    }
    if (refusal !== undefined) log.error({ schedule, err: refusal }, 'the job type refused the payload of a slot')
    if (overlapSkips.after > 0 && alarmsAt(overlapSkips.after) > alarmsAt(overlapSkips.before)) {
      overlapAlarms.inc({ schedule: labelOf(schedule) })
      log.error({ schedule, skips: overlapSkips.after }, 'slot after slot meets a run that does not end')
    }
  }

  const loop = everySoOften(
    lookEveryMs,
    error => log.warn({ err: error }, 'making ticks failed; it is tried again'),
    async () => {
      const looked = await tickSchedules(run, knex, catalog, {
        onDecided,
        onFault: (schedule, error) => log.error({ schedule, err: error }, 'a schedule could not be decided'),
      })
      return looked === maxSchedulesPerPass
    },
  )
  return { stop: loop.stop }
}

function alarmsAt(skips: number): number {
  return Math.floor(skips / overlapAlarmEverySkips)
}
