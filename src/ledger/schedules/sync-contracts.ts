import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import { statementsIn } from '../../db/statement.ts'
import { defaultTenant } from '../new-job.ts'
import { definitionOf } from './check-definition.ts'
import { writeSchedule } from './write-schedule.ts'

const removeStatement = {
  name: 'schedules-remove-contracts',
  text: `
    update hbnb_jobs.schedules s set removed_at = coalesce($2::timestamptz, now())
    where s.source = 'contract' and s.removed_at is null and s.key <> all($1::text[])`,
}

/**
 * The release step: schedules become what the contracts of this release say, under the job's name as key, in one
 * transaction. A contract that is gone or says 'none' takes its schedule with it; pauses stay. Throws naming a contract
 * whose schedule cannot be used, and then changes nothing.
 */
export async function syncContractSchedules(
  knex: Knex,
  catalog: Catalog,
  { now }: { readonly now?: Date } = {},
): Promise<void> {
  const wanted = [...catalog.values()].flatMap(contract => {
    const definition = definitionOf(contract)
    return definition ? [{ contract, definition }] : []
  })
  // In the order of their keys, so that two releases at once wait for each other and do not deadlock.
  wanted.sort((a, b) => (a.contract.name < b.contract.name ? -1 : 1))
  await knex.transaction(async tx => {
    const run = statementsIn(tx)
    for (const { contract, definition } of wanted) {
      await writeSchedule(run, contract, {
        key: contract.name,
        source: 'contract',
        definition,
        tenant: defaultTenant,
        now,
      })
    }
    await run(removeStatement, [wanted.map(({ contract }) => contract.name), now ?? null])
  })
}
