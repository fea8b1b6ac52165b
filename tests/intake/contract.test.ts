import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createApiKey, scopes } from '../../src/db/api-keys.ts'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { type ApiOperation, describedOperations } from '../support/described-api.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { firstTry, mistakes, sendTo } from '../support/provoke.ts'
import { goodTry, type Send, scenarioOf } from './contract-scenarios.ts'

// Every operation is driven against its own description: what it answers must be described, in status, headers and body,
// and what is described must be answered, or stand here with the reason why it cannot be.

/** Outcomes no request can bring about here, by the reason; `of` is how the ids of their operations begin. */
const notReachable: readonly { readonly outcome: string; readonly of?: string; readonly because: string }[] = [
  { outcome: 'internal-error', because: 'it is a bug of ours: http.test.ts breaks the schema to see one' },
  { outcome: 'request-in-flight', because: 'needs two requests in one instant: idempotency.test.ts' },
  { outcome: 'too-many-streams', because: 'needs as many open streams as one key may have: job-events.test.ts' },
  { outcome: 'bad-request', of: 'receive', because: 'only a body that comes too slowly is: it takes half a minute' },
  { outcome: 'bad-request', of: 'syncMirror', because: 'what is wrong with its body is said of the line' },
  { outcome: 'unknown-job', of: 'accept-', because: 'the address spells out a job type that is there' },
  { outcome: 'closed-job', of: 'accept-', because: 'only job types that are open are spelled out' },
  { outcome: 'queue-away', because: 'no open job type lives in the queue alone: direct.test.ts' },
  { outcome: 'idempotency-needs-ledger', because: 'no open job type lives in the queue alone: direct.test.ts' },
]

/** Some thousand requests, on a machine that may be busy. */
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 })

let intake: TestIntake
let operations: ApiOperation[]
const others: TestIntake[] = []
const seen = new Map<string, Set<string>>()

beforeAll(async () => {
  intake = await startIntake()
  await migrateQueueSchema(intake.config.database.url)
  operations = await describedOperations(intake)
  for (const { id } of operations) seen.set(id, new Set())
})
afterAll(async () => {
  vi.restoreAllMocks()
  for (const one of [intake, ...others]) await one.close()
})

async function another(env: Record<string, string>): Promise<TestIntake> {
  const one = await startIntake(env)
  others.push(one)
  return one
}

/** A key that only the database can tell is nobody's. */
const unheardOf = { authorization: `Bearer hbnb_${'A'.repeat(43)}` }

/** Sends to one intake, and notes for the operation what came back. */
function sender(operation: ApiOperation, to: TestIntake): Send {
  return async attempt => {
    const answer = await sendTo(to, attempt)
    seen.get(operation.id)?.add(operation.check(answer))
    return answer
  }
}

/** A key of one intake as headers. */
async function keyed(to: TestIntake, asked: Partial<Parameters<typeof createApiKey>[1]>) {
  const { key } = await createApiKey(to.database.knex, { name: 'contract', tenant: 'default', scopes, ...asked })
  return { authorization: `Bearer ${key}` }
}

test('first tries and mistakes are answered as described', async () => {
  for (const operation of operations) {
    const send = sender(operation, intake)
    for (const attempt of [firstTry(operation), ...mistakes(operation)]) await send(attempt)
  }
})

test('so is what only one operation can meet', async () => {
  for (const operation of operations) await scenarioOf(operation)?.(operation, sender(operation, intake), intake)
})

test('keys that may not, or no more, are refused by all operations that take keys', async () => {
  const limited = await keyed(intake, { requestsPerMinute: 1 })
  await intake.send('GET', '/v1/keys/self', undefined, limited)
  const without = new Map(
    await Promise.all(
      scopes.map(
        async scope => [scope, await keyed(intake, { scopes: scopes.filter(other => other !== scope) })] as const,
      ),
    ),
  )
  for (const operation of operations.filter(({ isKeyed }) => isKeyed)) {
    const send = sender(operation, intake)
    const good = firstTry(operation)
    await send({ ...good, headers: { ...good.headers, ...limited } })
    const refused = [...without].find(([scope]) => scope === operation.scope)?.[1]
    if (refused) await send({ ...good, headers: { ...good.headers, ...refused } })
  }
})

test('a deployment that lacks something says so', async () => {
  // knex tells the console of every connection it could not make.
  vi.spyOn(console, 'log').mockImplementation(() => {})
  const away = await another({ DATABASE_URL: 'postgres://127.0.0.1:1/nowhere' })
  const bare = await another({ SANDBOX_URL: 'none', DOMAINS: 'webhooks' })
  const none = await another({ DOMAINS: 'push' })
  const testing = await keyed(bare, { isTest: true, scopes: scopes.filter(scope => scope !== 'jobs:any-tenant') })
  for (const operation of operations) {
    const good = goodTry(operation)
    for (const to of [away, bare, none]) await sender(operation, to)(good)
    if (operation.isKeyed) await sender(operation, away)({ ...good, headers: { ...good.headers, ...unheardOf } })
    if (operation.isKeyed) await sender(operation, bare)({ ...good, headers: { ...good.headers, ...testing } })
  }
  // Webhooks know no keys: what they store meets the database only when it is signed.
  for (const operation of operations.filter(({ isKeyed }) => !isKeyed)) {
    await scenarioOf(operation)?.(operation, sender(operation, away), away)
  }
})

test('a process or a queue that is full says later', async () => {
  const full = await another({ HTTP_MAX_REQUESTS: '1' })
  const crowded = await another({ WAITING_MAX_JOBS: '1' })
  const { port } = new URL(full.url)
  const slow = ['/v1/jobs/notifications.send', '/webhooks/user'].map(path => {
    const socket = connect(Number(port), '127.0.0.1')
    const head = `authorization: Bearer ${testKey}\r\ncontent-type: application/json\r\ncontent-length: 100`
    socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\n${head}\r\n\r\n{`)
    return socket
  })
  for (const operation of operations.filter(({ outcomes }) => outcomes.has('overloaded'))) {
    await expect
      .poll(async () => (await sender(operation, full)(firstTry(operation))).status, { interval: 20 })
      .toBe(503)
  }
  for (const socket of slow) socket.destroy()
  for (const operation of operations.filter(({ outcomes }) => outcomes.has('too-many-waiting'))) {
    const send = sender(operation, crowded)
    await send(goodTry(operation))
    await send(goodTry(operation))
  }
})

test('everything described was answered, or cannot be', () => {
  const missing: string[] = []
  for (const { id, outcomes } of operations) {
    for (const outcome of outcomes) {
      const excuse = notReachable.find(
        known => known.outcome === outcome && (known.of === undefined || id.startsWith(known.of)),
      )
      const wasSeen = seen.get(id)?.has(outcome) ?? false
      if (!wasSeen && !excuse) missing.push(`${id} never answered ${outcome}`)
      if (wasSeen && excuse) missing.push(`${id} did answer ${outcome}, though ${excuse.because}`)
    }
  }
  expect(missing).toEqual([])
})
