import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { createTestDatabase } from '../setup/database.ts'
import { givenSqlCaller, type SqlCaller } from './sql-caller.ts'
import { sqlTestTypes } from './sql-types.ts'
import { withoutWeeks } from './without-weeks.ts'

/** A database of the test's own that knows the SQL test types, our way into it and an upstream app's. */
export interface SqlWorld {
  readonly url: string
  readonly database: Database
  readonly app: SqlCaller
  readonly close: () => Promise<void>
}

export async function startSqlWorld(): Promise<SqlWorld> {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url)
  await withoutWeeks(database.knex)
  await declareJobTypes(database.run, sqlTestTypes)
  const app = await givenSqlCaller(own.url)
  return {
    url: own.url,
    database,
    app,
    async close() {
      await app.close()
      await database.close()
      await own.drop()
    },
  }
}
