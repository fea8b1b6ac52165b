import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type RedisOptions, startRedis } from '../../src/setup/redis.ts'
import { findRedis } from '../../src/setup/redis-binary.ts'
import { holdServers, isAlive, testFolder, untilGone } from './processes-of-test.ts'

async function start(options: RedisOptions) {
  const redis = await startRedis(options)
  onTestFinished(() => redis.stop())
  return redis
}

function connect(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 })
  client.on('error', () => undefined)
  onTestFinished(() => client.disconnect())
  return client
}

describe.skipIf('missing' in (await findRedis()))('a local Redis', () => {
  test('never evicts, and asks for the password of its url', async () => {
    const redis = await start({})
    expect(await connect(redis.url).config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])
    await expect(connect(`redis://127.0.0.1:${redis.port}`).get('any')).rejects.toThrow('NOAUTH')
  })

  test('restarts at the same address with its data, after a stop and after a kill', async () => {
    const redis = await start({ appendOnly: true })
    const client = connect(redis.url)
    await client.set('kept', 'yes')
    const pid = redis.pid
    await redis.restart()
    expect(redis.pid).not.toBe(pid)
    expect(await client.get('kept')).toBe('yes')
    await redis.kill()
    expect(isAlive(redis.pid)).toBe(false)
    await redis.restart()
    expect(await client.get('kept')).toBe('yes')
  })

  test('a later start on the same folder and port finds the data', async () => {
    const options = { appendOnly: true, dir: join(testFolder(), 'redis') }
    const first = await start(options)
    await connect(first.url).set('kept', 'yes')
    await first.stop()
    const second = await start({ ...options, port: first.port })
    expect(second.port).toBe(first.port)
    expect(await connect(second.url).get('kept')).toBe('yes')
  })

  test('without its log the data is gone after a restart', async () => {
    const redis = await start({})
    await connect(redis.url).set('lost', 'yes')
    await redis.restart()
    expect(await connect(redis.url).get('lost')).toBeNull()
  })

  test('a port that is taken is an error that says so', async () => {
    const redis = await start({})
    await expect(startRedis({ port: redis.port })).rejects.toThrow(/already in use/i)
  })

  test('ends with a parent that is killed', async () => {
    const { holder, held } = await holdServers([`redis:${testFolder()}`])
    const { pid = 0 } = held[0] ?? {}
    expect(isAlive(pid)).toBe(true)
    holder.kill('SIGKILL')
    await untilGone(pid)
  })
})

test('without a Redis and with NO_DOWNLOAD=1 the reason is told', async () => {
  vi.stubEnv('PATH', '/nonexistent')
  vi.stubEnv('NO_DOWNLOAD', '1')
  onTestFinished(() => void vi.unstubAllEnvs())
  expect(await findRedis(testFolder())).toEqual({ missing: expect.stringContaining('NO_DOWNLOAD=1') })
})
