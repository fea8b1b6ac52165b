import knexOf, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { enqueueIn } from '../../src/client/enqueue-in.ts'
import { declareJobTypes } from '../../src/ledger/job-types.ts'
import { type SqlWorld, startSqlWorld } from '../ledger/sql-world.ts'
import { payload } from './client-world.ts'

let world: SqlWorld
let knex: Knex
beforeAll(async () => {
  world = await startSqlWorld()
  await declareJobTypes(world.database.run, await loadCatalog())
  const { user = '', password = '', host, port, database = '' } = world.app.client
  knex = knexOf({ client: 'pg', connection: { user, password, host, port, database }, pool: { min: 0, max: 1 } })
})
afterAll(async () => {
  await knex.destroy()
  await world.close()
})

const rowOf = (id: string) => world.database.knex('hbnb_jobs.jobs').where({ id }).first()

const options = {
  runAt: new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 60_000),
  expiresAt: new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 120_000).toISOString(),
  priority: 3,
  tags: ['a', 'b/c'],
  entity: 'booking:42',
}

describe.each(['pg', 'knex'])('in a transaction of %s', kind => {
  /** What an upstream app does: its own rows and ours, in one transaction of its own. */
  async function inTransaction<T>(work: (tx: Parameters<typeof enqueueIn>[0]) => Promise<T>): Promise<T> {
    if (kind === 'knex') return await knex.transaction(async tx => await work(tx))
    const { client } = world.app
    await client.query('begin')
    try {
      const answer = await work(client)
      await client.query('commit')
      return answer
    } catch (error) {
      await client.query('rollback')
      throw error
    }
  }

  test('the job is there when that commits', async () => {
    const id = await inTransaction(async tx => {
      const made = await enqueueIn(tx, 'notifications.send', payload)
      expect(await rowOf(made)).toBeUndefined()
      return made
    })
    expect(await rowOf(id)).toMatchObject({ name: 'notifications.send', payload, entity: null, tags: [] })
  })

  test('and never was when it rolls back', async () => {
    let made = ''
    const failing = inTransaction(async tx => {
      made = await enqueueIn(tx, 'notifications.send', payload)
      throw new Error('the booking is gone')
    })
    await expect(failing).rejects.toThrow('the booking is gone')
    expect(made).not.toBe('')
    expect(await rowOf(made)).toBeUndefined()
  })

  test('every option arrives', async () => {
    const id = await inTransaction(async tx => await enqueueIn(tx, 'notifications.send', payload, options))
    expect(await rowOf(id)).toMatchObject({
      run_at: options.runAt,
      expires_at: new Date(options.expiresAt),
      priority: 3,
      tags: options.tags,
      entity: 'booking:42',
    })
  })

  test('one key is one job', async () => {
    const once = { idempotencyKey: `once-${kind}` }
    const first = await inTransaction(async tx => await enqueueIn(tx, 'notifications.send', payload, once))
    expect(await inTransaction(async tx => await enqueueIn(tx, 'notifications.send', payload, once))).toBe(first)
  })

  test('what the database refuses is its own error', async () => {
    const refused = inTransaction(async tx => await enqueueIn(tx, 'notifications.send', payload, { priority: 10 }))
    await expect(refused).rejects.toMatchObject({ code: 'JB005' })
  })
})

test('anything else is no transaction', async () => {
  const stranger = { query: async () => 'ok' }
  await expect(enqueueIn(stranger, 'notifications.send', payload)).rejects.toThrow('pg client or a knex transaction')
})
