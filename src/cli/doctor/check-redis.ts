import { Redis } from 'ioredis'
import { clockFindings } from './clock-skew.ts'
import { type Check, type Finding, finder } from './finding.ts'

const oldestRedis = [6, 2] as const
const timeoutMs = 3_000
const fullRatio = 0.85

const { bad, warning } = finder('redis')

/** Reachability, version, eviction, memory, role and clock; nothing where Postgres holds the queues. */
export const checkRedis: Check = async ({ config, now }) => {
  if (config.queue.kind !== 'redis') return []
  const redis = new Redis(config.queue.url, {
    lazyConnect: true,
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const info = await redis.info()
    const beforeMs = now()
    const [seconds, micros] = await redis.time()
    const afterMs = now()
    const redisMs = Number(seconds) * 1_000 + Number(micros) / 1_000
    return [...infoFindings(info), ...clockFindings('Redis', redisMs, beforeMs, afterMs)]
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no answer'
    return [
      bad(
        `Redis does not answer (${why}): jobs are accepted and kept, but none is run`,
        'start it, or correct QUEUE_URL; its jobs are rebuilt from the ledger by itself',
      ),
    ]
  } finally {
    redis.disconnect()
  }
}

function infoFindings(info: string): Finding[] {
  const fact = (name: string): string => new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1] ?? ''
  const found: Finding[] = []
  const version = fact('redis_version')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < oldestRedis[0] || (major === oldestRedis[0] && minor < oldestRedis[1])) {
    found.push(bad(`Redis ${version} is too old`, `upgrade it to ${oldestRedis.join('.')} or newer`))
  }
  const policy = fact('maxmemory_policy')
  if (policy !== 'noeviction' && policy !== '') {
    found.push(
      bad(
        `Redis evicts jobs when it is full (maxmemory-policy ${policy})`,
        'redis-cli CONFIG SET maxmemory-policy noeviction, and the same in redis.conf',
      ),
    )
  }
  const [used, most] = [Number(fact('used_memory')), Number(fact('maxmemory'))]
  if (most > 0 && used > most * fullRatio) {
    found.push(
      warning(
        `Redis uses ${Math.round((100 * used) / most)} % of its maxmemory`,
        'raise maxmemory: when it is full, no job is handed out',
      ),
    )
  }
  if (fact('role') === 'slave') found.push(bad('QUEUE_URL names a replica', 'set QUEUE_URL to the primary'))
  return found
}
