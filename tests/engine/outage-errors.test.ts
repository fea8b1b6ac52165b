import { once } from 'node:events'
import { createServer } from 'node:net'
import knexFactory from 'knex'
import { Pool, type PoolConfig } from 'pg'
import { expect, inject, it, onTestFinished } from 'vitest'
import { connectDatabase } from '../../src/db/connect.ts'
import { isDatabaseAway, isSocketError, isSurelyDatabase } from '../../src/db/database-away.ts'
import { type Proxy, startProxy } from '../support/proxy.ts'

const shortMs = 100

async function openProxy(): Promise<Proxy> {
  const proxy = await startProxy(inject('postgresUrl'))
  onTestFinished(() => proxy.close())
  return proxy
}

function openPool(url: string, options: PoolConfig = {}): Pool {
  const pool = new Pool({ connectionString: url, max: 1, ...options })
  pool.on('error', () => {})
  onTestFinished(() => pool.end())
  return pool
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** As the driver and the server of today say it: their words are what we go by. */
it.each<[string, () => Promise<unknown>]>([
  [
    'does not answer a statement',
    async () => {
      const proxy = await openProxy()
      const pool = openPool(proxy.url, { query_timeout: shortMs })
      await pool.query('select 1')
      proxy.pause()
      return await thrownBy(pool.query('select 1'))
    },
  ],
  [
    'does not answer a connection',
    async () => {
      const proxy = await openProxy()
      proxy.pause()
      return await thrownBy(openPool(proxy.url, { connectionTimeoutMillis: shortMs }).query('select 1'))
    },
  ],
  [
    'does not answer a connection of knex',
    async () => {
      const proxy = await openProxy()
      proxy.pause()
      const log = { warn: () => {}, error: () => {}, deprecate: () => {}, debug: () => {} }
      const knex = knexFactory({ client: 'pg', connection: proxy.url, acquireConnectionTimeout: shortMs, log })
      const error = await thrownBy(knex.raw('select 1'))
      proxy.cut()
      await knex.destroy()
      return error
    },
  ],
  [
    'breaks the connection during a statement',
    async () => {
      const proxy = await openProxy()
      const pool = openPool(proxy.url)
      await pool.query('select 1')
      const slow = thrownBy(pool.query('select pg_sleep(60)'))
      proxy.cut()
      return await slow
    },
  ],
  [
    'is told to end the connection',
    async () => await thrownBy(openPool(inject('postgresUrl')).query('select pg_terminate_backend(pg_backend_pid())')),
  ],
])('a Postgres that %s is away, surely', async (_, fault) => {
  const error = await fault()
  expect(error).toBeInstanceOf(Error)
  expect([isDatabaseAway(error), isSurelyDatabase(error)], String(error)).toEqual([true, true])
})

it('a port nobody listens on may be anybody’s', async () => {
  const proxy = await startProxy(inject('postgresUrl'))
  await proxy.close()
  const error = await thrownBy(openPool(proxy.url).query('select 1'))
  expect([isDatabaseAway(error), isSocketError(error), isSurelyDatabase(error)]).toEqual([true, true, false])
})

it.each(['run', 'knex'] as const)(
  'a connection of ours that is reset, under `%s`, is surely that to Postgres',
  async way => {
    const server = createServer(client => client.on('data', () => client.resetAndDestroy()).on('error', () => {}))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
    const database = connectDatabase(`postgres://hbnb@127.0.0.1:${address.port}/hbnb`)
    onTestFinished(() => database.close())
    const asked = way === 'run' ? database.run({ name: 'one', text: 'select 1' }) : database.knex.raw('select 1')
    const error = await thrownBy(Promise.resolve(asked))
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    expect([isDatabaseAway(error), isSurelyDatabase(error)]).toEqual([true, true])
  },
)

it.each([
  ['a statement that took too long', 'set statement_timeout = 50; select pg_sleep(60)'],
  ['a wrong statement', 'select 1 / 0'],
])('%s does not mean that Postgres is away', async (_, sql) => {
  const error = await thrownBy(openPool(inject('postgresUrl')).query(sql))
  expect(error).toBeInstanceOf(Error)
  expect(isDatabaseAway(error)).toBe(false)
})
