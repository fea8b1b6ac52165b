import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { expect, inject, it } from 'vitest'
import { connectDatabase } from '../../src/db/connect.ts'
import { dumpSchema } from '../../src/db/dump-schema.ts'
import { maintainLedger } from '../../src/ledger/retention.ts'
import { createTestDatabase } from '../setup/database.ts'
import { withDatabase } from '../setup/template.ts'

const schemaFile = join(import.meta.dirname, '../../migrations/schema.sql')

async function dumpOf(url: string): Promise<string> {
  const { run, close } = connectDatabase(url, { poolMax: 1 })
  try {
    return await dumpSchema(run)
  } finally {
    await close()
  }
}

it('migrations/schema.sql is what the migrations produce (node src/db/dump-schema-main.ts writes it)', async () => {
  const own = await createTestDatabase()
  const database = connectDatabase(own.url)
  try {
    const committed = await readFile(schemaFile, 'utf8')
    expect(await dumpOf(own.url)).toBe(committed)
    await maintainLedger(database.knex)
    expect(await dumpOf(own.url), 'weekly partitions are no part of it').toBe(committed)
  } finally {
    await database.close()
    await own.drop()
  }
})

it('is SQL that makes the same schema in an empty database', async () => {
  const committed = await readFile(schemaFile, 'utf8')
  const name = `test_${randomBytes(8).toString('hex')}`
  const server = new Client({ connectionString: inject('postgresUrl') })
  await server.connect()
  try {
    await server.query(`create database ${name}`)
    const url = withDatabase(inject('postgresUrl'), name)
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(`set check_function_bodies = off; ${committed}`)
    await client.end()
    expect(await dumpOf(url)).toBe(committed)
  } finally {
    await server.query(`drop database if exists ${name} with (force)`)
    await server.end()
  }
})
