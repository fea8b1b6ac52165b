import { createServer, type Socket } from 'node:net'
import { Redis } from 'ioredis'
import { inject, afterEach, expect, test } from 'vitest'
import { requestCounter } from '../../src/intake/auth/rate-limit.ts'
import { closedPort } from '../support/closed-port.ts'

const open: (() => unknown)[] = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

function connect(url: string): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 5_000 })
  redis.on('error', () => {})
  open.push(() => redis.disconnect())
  return redis
}

async function takeAll(take: ReturnType<typeof requestCounter>, times: number, perMinute: number): Promise<number> {
  const standings = await Promise.all(Array.from({ length: times }, () => take('caller', perMinute)))
  return standings.filter(({ isAllowed }) => isAllowed).length
}

test('without Redis a process counts alone', async () => {
  const take = requestCounter({ redis: undefined }, 'test')
  expect(await take('caller', 3)).toMatchObject({ isAllowed: true, left: 2 })
  expect(await takeAll(take, 10, 3)).toBe(2)
  const over = await take('caller', 3)
  expect(over).toMatchObject({ isAllowed: false, left: 0 })
  expect(over.resetMs).toBeGreaterThan(0)
  expect(over.resetMs).toBeLessThanOrEqual(60_000)
})

test('while Redis is away, or hangs, a process counts alone and keeps nobody waiting', async () => {
  const sockets = new Set<Socket>()
  const silent = createServer(socket => sockets.add(socket))
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  open.push(
    () => silent.close(),
    () => sockets.forEach(socket => socket.destroy()),
  )
  const address = silent.address()
  const silentPort = typeof address === 'object' && address !== null ? address.port : 0
  for (const port of [await closedPort(), silentPort]) {
    const take = requestCounter({ redis: connect(`redis://127.0.0.1:${port}`) }, 'test')
    const startedMs = performance.now()
    expect(await takeAll(take, 10, 3)).toBe(3)
    expect(performance.now() - startedMs, 'far less than a command may take').toBeLessThan(2_500)
  }
})

const redisUrl = inject('redisUrl')
/** A busy machine may be slow; this test is about the sums. */
const patienceMs = 20_000

test.runIf(redisUrl !== null)('with Redis the processes count together', async () => {
  const prefix = `test-${process.pid}-${performance.now()}`
  const redis = connect(redisUrl ?? '')
  await expect.poll(() => redis.status, { timeout: patienceMs }).toBe('ready')
  const counter = () => requestCounter({ redis }, prefix, patienceMs)
  const [one, other] = [counter(), counter()]
  expect((await takeAll(one, 3, 5)) + (await takeAll(other, 3, 5))).toBe(5)
  const many = 3_000
  expect(
    (await takeAll(one, many, many)) + (await takeAll(other, 10, many)),
    'taken by parts, and no more than all',
  ).toBeLessThanOrEqual(many)
  for (const key of await redis.keys(`${prefix}*`)) await redis.del(key)
})
