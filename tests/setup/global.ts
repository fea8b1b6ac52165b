import { Client } from 'pg'
import type { TestProject } from 'vitest/node'
import { connectDatabase } from '../../src/db/connect.ts'
import { migrateDatabase } from '../../src/db/migrate.ts'
import { setupEnvironment } from '../../src/setup/environment.ts'
import { makePartitions } from '../../src/ledger/partitions.ts'
import { startPostgres } from '../../src/setup/postgres.ts'
import { startRedis } from '../../src/setup/redis.ts'
import { findRedis } from '../../src/setup/redis-binary.ts'
import { TEMPLATE_DATABASE, withDatabase } from './template.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The superuser's url of the run's PostgreSQL; make a database of your own with createTestDatabase. */
    postgresUrl: string
    /** The run's Redis; null when there is none to run. */
    redisUrl: string | null
  }
}

/** One PostgreSQL and one Redis for the whole run, and a migrated database that every test's own is copied from. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const postgres = await startPostgres({ fsync: false })
  const given = setupEnvironment().REDIS_URL
  const redis = given === undefined && !('missing' in (await findRedis())) ? await startRedis() : undefined
  const stop = async () => {
    await Promise.all([postgres.stop(), redis?.stop()])
  }
  try {
    await makeTemplate(postgres.url)
    project.provide('postgresUrl', postgres.url)
    project.provide('redisUrl', given ?? redis?.url ?? null)
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeTemplate(postgresUrl: string): Promise<void> {
  const client = new Client({ connectionString: postgresUrl })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${TEMPLATE_DATABASE}`)
  } finally {
    await client.end()
  }
  const template = withDatabase(postgresUrl, TEMPLATE_DATABASE)
  await migrateDatabase(template)
  // As the release step does: a partition made for the running week would make accepts that meet it fail.
  const { knex, close } = connectDatabase(template, { poolMax: 1 })
  await makePartitions(knex, Date.now())
  await close()
}
