import { Queue, RedisConnection, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { CopyQueue, CopyWorker, QueueBackend, QueueMarks } from './backend.ts'

const maxReconnectDelayMs = 1_000
const connectTimeoutMs = 5_000
/** A Redis that is frozen keeps its connections and answers nothing: then a command fails after this long. */
const commandTimeoutMs = 5_000
const oldestRedis = [6, 2] as const

// What BullMQ takes for granted when it does not ask: by default 5.0.0, with slower scripts.
RedisConnection.minimumVersion = [...oldestRedis, 0].join('.')

/** Evicting Redis loses job hashes but keeps their ids; only `noeviction` is safe (BullMQ, "Going to production"). */
export function redisBackend(url: string, prefix: string): QueueBackend {
  const options = {
    connectTimeout: connectTimeoutMs,
    retryStrategy: (tries: number) => Math.min(tries * 100, maxReconnectDelayMs),
  }
  // Producers fail at once while Redis is away, instead of adding later what the ledger has meanwhile taken back.
  const producer = new Redis(url, {
    ...options,
    commandTimeout: commandTimeoutMs,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
  })
  const consumer = new Redis(url, { ...options, maxRetriesPerRequest: null, lazyConnect: true })
  // Each command reports its own failure; the connection's running commentary would only repeat it.
  for (const connection of [producer, consumer]) connection.on('error', () => {})
  const queues = new Map<string, CopyQueue>()

  return {
    kind: 'redis',
    redis: producer,
    marks: redisMarks(producer, prefix),
    queue(name) {
      const open = queues.get(name)
      if (open) return open
      // BullMQ would ask the version once, when the queue is opened, and if Redis is away then, fail for ever. `check` asks.
      const queue: CopyQueue = new Queue(name, {
        connection: producer,
        prefix,
        skipWaitingForReady: true,
        skipVersionCheck: true,
      })
      queue.on('error', () => {})
      queues.set(name, queue)
      return queue
    },
    worker(name, processor, workerOptions): CopyWorker {
      return new Worker(name, processor, { ...workerOptions, connection: consumer, prefix })
    },
    async check() {
      await connected(producer)
      checkVersion(await producer.info('server'))
      checkPolicy(await producer.info('memory'))
    },
    async close() {
      await Promise.all([...queues.values()].map(queue => queue.close()))
      producer.disconnect()
      consumer.disconnect()
    },
  }
}

async function connected(redis: Redis): Promise<void> {
  if (redis.status === 'wait') await redis.connect()
  await redis.ping()
}

function checkVersion(info: string): void {
  const [, version = '0'] = /^redis_version:(\S+)/m.exec(info) ?? []
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [needMajor, needMinor] = oldestRedis
  if (major < needMajor || (major === needMajor && minor < needMinor)) {
    throw new Error(`Redis ${version} is too old: hbnb-jobs needs ${oldestRedis.join('.')} or newer`)
  }
}

function checkPolicy(info: string): void {
  const [, policy = 'noeviction'] = /^maxmemory_policy:(\S+)/m.exec(info) ?? []
  if (policy !== 'noeviction') {
    throw new Error(`Redis evicts jobs under maxmemory-policy ${policy}: set it to noeviction`)
  }
}

function redisMarks(redis: Redis, prefix: string): QueueMarks {
  // Beside the queue's own keys, so that it is lost when they are.
  const keyOf = (name: string) => `${prefix}:${name}:ledger-mark`
  return {
    async read(names) {
      const [, runId = ''] = /^run_id:(\S+)/m.exec(await redis.info('server')) ?? []
      const found = await redis.mget(names.map(keyOf))
      const numbers = new Map<string, number>()
      names.forEach((name, index) => {
        const text = found[index]
        if (typeof text === 'string') numbers.set(name, Number(text))
      })
      return { runId, numbers }
    },
    async write(names, number) {
      await redis.mset(names.flatMap(name => [keyOf(name), String(number)]))
    },
  }
}
