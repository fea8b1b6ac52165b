import type { Knex } from 'knex'
import { type RunStatement, statementsIn } from '../db/statement.ts'
import { writeAudit } from '../ledger/audit.ts'
import { actorOf } from './actor.ts'
import type { Invocation } from './command.ts'

/** What a change works with: one transaction, which its audit entries share. */
export interface Change {
  readonly tx: Knex.Transaction
  /** Statements of that transaction. */
  readonly run: RunStatement
  readonly who: string
  /** Writes what was done, `<kind>.<verb>`, to what: ids and figures, no payloads. */
  readonly note: (action: string, target: string, detail?: Readonly<Record<string, unknown>>) => Promise<void>
}

/** Changes something in one transaction, so that there is never a change without its audit entry, nor one without it. */
export async function change<T>(invocation: Invocation, work: (change: Change) => Promise<T>): Promise<T> {
  const who = actorOf(invocation)
  return await invocation.database().knex.transaction(async tx => {
    const run = statementsIn(tx)
    const note: Change['note'] = (action, target, detail = {}) =>
      writeAudit(run, { actor: who, action, target, detail, origin: 'cli' })
    return await work({ tx, run, who, note })
  })
}
