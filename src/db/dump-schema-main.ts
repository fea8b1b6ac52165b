import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startPostgres } from '../setup/postgres.ts'
import { connectDatabase } from './connect.ts'
import { dumpSchema } from './dump-schema.ts'
import { migrateDatabase } from './migrate.ts'

// `npm run schema`: writes migrations/schema.sql, which a test compares with what the migrations produce.

const path = join(import.meta.dirname, '../../migrations/schema.sql')
const postgres = await startPostgres({ fsync: false })
try {
  await migrateDatabase(postgres.url)
  const { run, close } = connectDatabase(postgres.url, { poolMax: 1, name: 'hbnb-jobs-schema' })
  await writeFile(path, await dumpSchema(run))
  await close()
  process.stdout.write(`${path}\n`)
} finally {
  await postgres.stop()
}
