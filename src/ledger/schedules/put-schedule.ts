import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import { scheduleKey } from '../../domain/schedules/definition.ts'
import { statementsIn } from '../../db/statement.ts'
import { defaultTenant } from '../new-job.ts'
import { contractFor, readDefinition } from './check-definition.ts'
import { holdSchedule, type Owned } from './schedule-row.ts'
import { ScheduleRefused } from './schedule-refused.ts'
import { writeSchedule } from './write-schedule.ts'

const maxSchedulesPerTenant = 1_000

/**
 * Makes or changes a schedule of the API; the same definition again changes nothing. Answers whether it is new.
 * `definition` is checked here, whatever it is. Throws {@link ScheduleRefused}.
 */
export async function putSchedule(
  knex: Knex,
  catalog: Catalog,
  asked: { readonly key: string; readonly definition: unknown; readonly tenant?: string; readonly now?: Date },
): Promise<{ readonly isNew: boolean }> {
  const { key, tenant = defaultTenant, now } = asked
  const keyFaults = scheduleKey.safeParse(key).error?.issues
  if (keyFaults) throw new ScheduleRefused('invalid-definition', 'the key of the schedule is not valid', keyFaults)
  const definition = readDefinition(asked.definition)
  if (catalog.has(key)) throw new ScheduleRefused('key-of-contract', `${key} is the name of a job type`)
  const contract = contractFor(catalog, key, definition)

  return await knex.transaction(async tx => {
    const run = statementsIn(tx)
    const held = await holdSchedule(run, key, now)
    const isActive = held !== undefined && held.removedAt === null
    if (isActive && held.source === 'contract') {
      throw new ScheduleRefused('key-of-contract', `${key} belongs to a job type`)
    }
    if (isActive && held.tenant !== tenant) throw new ScheduleRefused('key-taken', `the key ${key} is taken`)
    if (!isActive) await roomFor(tx, tenant)
    await writeSchedule(run, contract, { key, source: 'api', definition, tenant, now })
    return { isNew: !isActive }
  })
}

async function roomFor(tx: Knex.Transaction, tenant: string): Promise<void> {
  const [row] = await tx('hbnb_jobs.schedules').where({ tenant, removed_at: null }).count<{ count: string }[]>()
  if (Number(row?.count ?? 0) >= maxSchedulesPerTenant) {
    throw new ScheduleRefused('too-many', `a tenant may have ${maxSchedulesPerTenant} schedules`)
  }
}

/** Takes away a schedule of the API: nothing is due any more. False when there is none. Throws {@link ScheduleRefused}. */
export async function removeSchedule(knex: Knex, key: string, { tenant }: Owned = {}): Promise<boolean> {
  const whose = tenant === undefined ? {} : { tenant }
  const schedules = () => knex('hbnb_jobs.schedules').where({ key, removed_at: null, ...whose })
  const removed = await schedules().where({ source: 'api' }).update({ removed_at: knex.fn.now() })
  if (removed > 0) return true
  if (await schedules().first('key')) {
    throw new ScheduleRefused('key-of-contract', `${key} belongs to a job type and goes with its contract`)
  }
  return false
}
