import { afterAll } from 'vitest'
import { connectDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../setup/database.ts'
import { commandLine } from './command-line.ts'

/** A database of the test file's own and the command line at work on it; `person` sits in front of it. */
export async function openCliWorld(person: Parameters<typeof commandLine>[1] = {}) {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url)
  afterAll(async () => {
    await database.close()
    await own.drop()
  })
  return { url: own.url, database, jobs: commandLine(own.url, person) }
}
