import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import { type RunStatement, statementsIn } from '../../db/statement.ts'
import { decideDue } from './decide-due.ts'
import { recordSlots } from './record-slots.ts'
import { type HeldSchedule, holdSchedule, type Owned } from './schedule-row.ts'
import { ScheduleRefused } from './schedule-refused.ts'
import { slotJob } from './slot-job.ts'

/** Whose it must be, and the clock of a test instead of the database's. */
interface Options extends Owned {
  readonly now?: Date
}

const pauseStatement = {
  name: 'schedule-pause',
  text: `
    update hbnb_jobs.schedules
    set paused_by = case when paused_at is null then $2 else paused_by end,
        paused_at = coalesce(paused_at, $3::timestamptz, now())
    where key = $1 and removed_at is null and ($4::text is null or tenant = $4) returning key`,
}

/** From here on no slot of this schedule runs; each is recorded as skipped. False when there is no such schedule. */
export async function pauseSchedule(
  run: RunStatement,
  key: string,
  who: string,
  { now, tenant }: Options = {},
): Promise<boolean> {
  const rows = await run(pauseStatement, [key, who, now ?? null, tenant ?? null])
  return rows.length > 0
}

const resumeStatement = {
  name: 'schedule-resume',
  text: `update hbnb_jobs.schedules set paused_at = null, paused_by = null where key = $1`,
}

/**
 * Ends a pause. Slots that passed during it stay skipped, also those no relay has looked at yet. False when there is no
 * such schedule.
 */
export async function resumeSchedule(
  knex: Knex,
  catalog: Catalog,
  key: string,
  options: Options = {},
): Promise<boolean> {
  return await knex.transaction(async tx => {
    const run = statementsIn(tx)
    const schedule = await heldOf(run, key, options)
    if (!schedule) return false
    const contract = catalog.get(schedule.jobName)
    if (schedule.pausedAt !== null && contract) await decideDue(run, schedule, contract)
    await run(resumeStatement, [key])
    return true
  })
}

async function heldOf(run: RunStatement, key: string, { now, tenant }: Options): Promise<HeldSchedule | undefined> {
  const schedule = await holdSchedule(run, key, now)
  if (schedule?.removedAt !== null) return undefined
  return tenant === undefined || schedule.tenant === tenant ? schedule : undefined
}

/** A slot of its own for a run by hand: now, by the database's clock, and never that of another one. */
const handSlotStatement = {
  name: 'schedule-hand-slot',
  text: `
    select greatest(
      date_trunc('milliseconds', clock_timestamp()),
      (select max(slot) + interval '1 ms' from hbnb_jobs.schedule_runs
       where schedule_key = $1 and decision = 'by-hand')) as slot`,
}

/**
 * Runs a schedule once, now, whether or not it is paused or a run is open; the payload is that of a slot of this moment.
 * Answers the job's id; undefined when there is no such schedule. Throws {@link ScheduleRefused} when its job type is
 * gone, and what the payload's contract throws.
 */
export async function runScheduleNow(
  knex: Knex,
  catalog: Catalog,
  key: string,
  who: string,
  owned: Owned = {},
): Promise<string | undefined> {
  return await knex.transaction(async tx => {
    const run = statementsIn(tx)
    const schedule = await heldOf(run, key, owned)
    if (!schedule) return undefined
    const contract = catalog.get(schedule.jobName)
    if (!contract) throw new ScheduleRefused('unknown-job', `there is no job type ${schedule.jobName}`)
    const [{ slot } = { slot: schedule.now }] = await run<{ slot: Date }>(handSlotStatement, [key])
    const job = slotJob(schedule, contract, slot)
    const recorded = await recordSlots(run, key, [{ slot, decision: 'by-hand', job, decidedBy: who }])
    if (recorded.length === 0) throw new Error(`a slot of ${key} is at this very moment: try again`)
    return job.id
  })
}
