import type { Knex } from 'knex'
import { moveOn } from '../../src/db/entity-status.ts'
import { statementsIn } from '../../src/db/statement.ts'
import { statesBefore } from '../../src/domain/events/lives.ts'
import type { Occurrence } from '../../src/domain/events/occurrence.ts'
import { expectTables, MirrorIsView } from '../../src/mirror/expect-tables.ts'
import { writeEntities } from '../../src/mirror/write-entities.ts'
import type { Context } from '../runtime/process.ts'

const tables = { booking: 'platform.bookings', payment: 'platform.payments', user: 'platform.users' } as const

/** Writes into the mirror what an event says: its snapshot, and the state that it brings its entity to. Safe to run twice. */
export async function keepTold(
  tx: Knex.Transaction,
  { event, kind, id, snapshot, reached }: Occurrence,
  context: Context,
): Promise<void> {
  const run = statementsIn(tx)
  try {
    await expectTables(run, [tables[kind]])
    const [written] = snapshot ? await writeEntities(run, [snapshot]) : []
    if (written === 'version-reused') context.log.warn('its snapshot has other content under a version that is known')
    if (reached && kind !== 'user') {
      const occurredAt = event.occurred_at ?? null
      await moveOn(tx, kind, id, { status: reached.state, from: statesBefore(reached), occurredAt })
    }
  } catch (error) {
    // An app that shares our Postgres has changed its own tables already.
    if (!(error instanceof MirrorIsView)) throw error
  }
}
