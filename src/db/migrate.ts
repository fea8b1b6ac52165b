import { join } from 'node:path'
import knexFactory from 'knex'

/** Brings a database to the newest schema. Safe to run twice and from several places at once (knex locks). */
export async function migrateDatabase(databaseUrl: string): Promise<void> {
  const knex = knexFactory({ client: 'pg', connection: databaseUrl, pool: { min: 0, max: 1 } })
  try {
    await knex.migrate.latest({
      directory: join(import.meta.dirname, '../../migrations'),
      loadExtensions: ['.ts'],
      schemaName: 'public',
      tableName: 'hbnb_jobs_migrations',
    })
  } finally {
    await knex.destroy()
  }
}
