import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import { isDatabaseAway } from '../../db/database-away.ts'
import { type RunStatement, statementsIn } from '../../db/statement.ts'
import { type DecidedSchedule, decideDue } from './decide-due.ts'
import { type HeldSchedule, scheduleColumns } from './schedule-row.ts'

/** One pass decides at most this many schedules; the next one follows at once. */
export const maxSchedulesPerPass = 200
/** A schedule that cannot be decided is tried again after this, so that it neither blocks others nor fills the log. */
const setAsideMs = 60_000

/** What a pass tells its caller, and the clock of a test. */
export interface TickOptions {
  readonly onDecided?: (decided: DecidedSchedule) => void
  readonly onFault?: (key: string, error: unknown) => void
  /** Instead of the database's clock. */
  readonly now?: Date
}

/**
 * Only schedules this process can make the payload of; those whose contract a newer release has changed are left to the
 * relays of that release.
 */
const mineAndDue = `
  from hbnb_jobs.schedules s
  join unnest($1::text[], $2::smallint[], $3::boolean[]) as m(name, version, scheduled)
    on m.name = s.job_name and (s.source = 'api' or m.scheduled)
  where s.removed_at is null and s.look_at <= coalesce($4::timestamptz, now())
    and not exists (select from hbnb_jobs.job_types t where t.name = m.name and t.version > m.version)`

const anyDueStatement = { name: 'schedules-any-due', text: `select exists (select ${mineAndDue}) as due` }

const holdDueStatement = {
  name: 'schedule-hold-due',
  text: `
    select ${scheduleColumns}, coalesce($4::timestamptz, now()) as now ${mineAndDue}
    order by s.look_at, s.key limit 1 for update of s skip locked`,
}

const setAsideStatement = {
  name: 'schedule-set-aside',
  text: `
    update hbnb_jobs.schedules set look_at = coalesce($2::timestamptz, now()) + $3 * interval '1 ms' where key = $1`,
}

/**
 * One pass over the schedules that are due, each in a transaction of its own. Any number of relays may do this at once:
 * a schedule another one holds is passed over. Answers how many schedules were looked at.
 */
export async function tickSchedules(
  run: RunStatement,
  knex: Knex,
  catalog: Catalog,
  { onDecided, onFault, now }: TickOptions = {},
): Promise<number> {
  const contracts = [...catalog.values()]
  const mine = [
    contracts.map(({ name }) => name),
    contracts.map(({ version }) => version),
    contracts.map(({ schedule }) => schedule !== 'none'),
    now ?? null,
  ]
  const [any] = await run<{ due: boolean }>(anyDueStatement, mine)
  if (any?.due !== true) return 0

  for (let looked = 0; looked < maxSchedulesPerPass; looked += 1) {
    let key: string | undefined
    try {
      const decided = await knex.transaction(async tx => {
        const inside = statementsIn(tx)
        const [schedule] = await inside<HeldSchedule>(holdDueStatement, mine)
        if (!schedule) return undefined
        key = schedule.key
        const contract = catalog.get(schedule.jobName)
        if (!contract) throw new Error(`there is no contract ${schedule.jobName}`)
        return await decideDue(inside, schedule, contract)
      })
      if (!decided) return looked
      onDecided?.(decided)
    } catch (error) {
      if (key === undefined || isDatabaseAway(error)) throw error
      await run(setAsideStatement, [key, now ?? null, setAsideMs])
      onFault?.(key, error)
    }
  }
  return maxSchedulesPerPass
}
