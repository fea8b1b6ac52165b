import { Client } from 'pg'
import { expect, inject, test } from 'vitest'
import { createTestDatabase } from './database.ts'

async function one(url: string, sql: string): Promise<unknown> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query<{ answer: unknown }>(sql)
    return rows[0]?.answer
  } finally {
    await client.end()
  }
}

test('two tests have two databases, and a dropped one is gone', async () => {
  const [mine, yours] = await Promise.all([createTestDatabase(), createTestDatabase()])
  try {
    await one(mine.url, 'CREATE TABLE only_mine (id int)')
    expect(await one(yours.url, "SELECT to_regclass('only_mine') AS answer")).toBeNull()
    await mine.drop()
    await expect(one(mine.url, 'SELECT 1 AS answer')).rejects.toMatchObject({ code: '3D000' })
  } finally {
    await Promise.all([mine.drop(), yours.drop()])
  }
})

test('letters fold beyond ASCII and time is UTC', async () => {
  expect(await one(inject('postgresUrl'), "SELECT lower('ÉTÉ') || current_setting('TimeZone') AS answer")).toBe(
    'étéUTC',
  )
})
