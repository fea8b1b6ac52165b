import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import {
  addressSha256,
  type SuppressionReason,
  type Suppression,
  suppress,
  suppressionsOf,
} from '../../src/db/suppressions.ts'
import { createTestDatabase } from '../setup/database.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database
beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

function mail(address: string, reason: SuppressionReason, category?: Suppression['category']): Suppression {
  const of = { channel: 'email', addressSha256: addressSha256('email', address), reason, source: 'test' } as const
  return category === undefined ? of : { ...of, category }
}

async function refused(address: string, category: NonNullable<Suppression['category']>) {
  const found = await suppressionsOf(database.knex, [{ channel: 'email', address }], category)
  return found.get(address)
}

describe('an address that is not written to', () => {
  test('is found whatever its case, and kept as a hash alone', async () => {
    await suppress(database.knex, [mail('Zoé.Bœuf@Example.test', 'bounced')])
    expect(await refused('zoé.bœuf@example.test', 'booking')).toBe('bounced')
    const rows = await database.knex('hbnb_jobs.suppressions').select()
    expect(JSON.stringify(rows)).not.toMatch(/example\.test/i)
  })

  test('is another on another channel', async () => {
    await suppress(database.knex, [
      { channel: 'sms', addressSha256: addressSha256('sms', '+33612345678'), reason: 'opted-out', source: 'twilio' },
    ])
    const asked = [
      { channel: 'sms', address: '+33612345678' },
      { channel: 'push', address: '+33612345678' },
      { channel: 'email', address: 'nobody@example.test' },
    ] as const
    expect(await suppressionsOf(database.knex, asked.slice(1), 'booking')).toEqual(new Map())
    expect(await suppressionsOf(database.knex, asked, 'booking')).toEqual(new Map([['+33612345678', 'opted-out']]))
  })

  test('is silent about one category, or about all', async () => {
    await suppress(database.knex, [mail('news@example.test', 'unsubscribed', 'news')])
    expect(await refused('news@example.test', 'news')).toBe('unsubscribed')
    expect(await refused('news@example.test', 'offers')).toBeUndefined()
    await suppress(database.knex, [mail('news@example.test', 'bounced')])
    expect(await refused('news@example.test', 'offers')).toBe('bounced')
    expect(await refused('news@example.test', 'news')).toBe('bounced')
  })

  test('that has unsubscribed from all is still told of its bookings', async () => {
    await suppress(database.knex, [mail('all@example.test', 'unsubscribed')])
    expect(await refused('all@example.test', 'review')).toBe('unsubscribed')
    expect(await refused('all@example.test', 'booking')).toBeUndefined()
    expect(await refused('all@example.test', 'security')).toBeUndefined()
  })

  test('keeps the reason that weighs more, in whatever order it is told', async () => {
    await suppress(database.knex, [mail('first@example.test', 'spam-report')])
    await suppress(database.knex, [mail('first@example.test', 'unsubscribed')])
    expect(await refused('first@example.test', 'news')).toBe('spam-report')
    await suppress(database.knex, [mail('then@example.test', 'unsubscribed')])
    await suppress(database.knex, [mail('then@example.test', 'bounced'), mail('then@example.test', 'unsubscribed')])
    expect(await refused('then@example.test', 'booking')).toBe('bounced')
  })
})
