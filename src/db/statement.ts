import type { Knex } from 'knex'
import { DatabaseError, type Pool } from 'pg'

/** One SQL text with `$1 … $n`; `name` makes Postgres prepare it once per connection. */
export interface Statement {
  readonly name: string
  readonly text: string
}

/** Runs a statement and answers its rows. The row type is the caller's reading of its own SQL. */
export type RunStatement = <Row>(statement: Statement, values?: readonly unknown[]) => Promise<Row[]>

export function statementsOn(pool: Pool): RunStatement {
  return async <Row>({ name, text }: Statement, values: readonly unknown[] = []) => {
    const once = () => pool.query({ name, text, values: [...values] })
    const { rows } = await once().catch((error: unknown) => {
      if (metNewPartition(error)) return once()
      throw error
    })
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The caller's own SQL says what its rows are.
    return rows as Row[]
  }
}

/** The same statements inside a knex transaction, so that ledger rows commit with the caller's own. */
export function statementsIn(transaction: Knex.Transaction): RunStatement {
  return async <Row>({ text }: Statement, values: readonly unknown[] = []) => {
    const bindings: Knex.RawBinding[] = []
    const positional = text.replace(/\$(\d+)/g, (_, position: string) => {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Both drivers take the same values; knex types fewer.
      bindings.push(values[Number(position) - 1] as Knex.RawBinding)
      return '?'
    })
    const { rows } = await transaction.raw<{ rows: Row[] }>(positional, bindings)
    return rows
  }
}

/**
 * A week got its partition while the statement ran, and its rows were meant for the default partition (SQLSTATE 23514 without
 * the name of a constraint). Nothing was written, and the same statement now finds the week.
 */
function metNewPartition(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '23514' && error.constraint === undefined
}
