import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { entityPaths } from '../../src/intake/routes/platform/entity-paths.ts'
import { migrateQueueSchema } from '../../src/queue/postgres-backend.ts'
import { randomOf } from '../chaos/random.ts'
import { type ApiOperation, describedOperations } from '../support/described-api.ts'
import { generator } from '../support/generate.ts'
import { givenInboxEvent } from '../support/given-inbox.ts'
import { entityBodies } from '../support/entity-bodies.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import { type Attempt, sendTo } from '../support/provoke.ts'
import { goodTry } from './contract-scenarios.ts'

// Requests made from the description by chance, right and wrong, the same in every run: whatever comes is answered as
// described, nothing has a field that is not, and nothing is our fault.

const seed = 20_261_122
const requestsPerOperation = 60
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })
const { pick, text, chance, fitting, body } = generator(randomOf(seed))

let intake: TestIntake
let operations: ApiOperation[]
const known: Record<string, string> = {
  name: 'notifications.send',
  code: 'bad-json',
  entity: 'booking:42',
  key: 'a-key',
}
/** Options that nobody hits on by chance. */
const knownOptions: Readonly<Record<string, string>> = { version: '1' }

beforeAll(async () => {
  intake = await startIntake()
  await migrateQueueSchema(intake.config.database.url)
  operations = await describedOperations(intake)
})
afterAll(() => intake.close())

/** Gives the next operation something to find: a job that has ended, whose stream of events ends too; a batch; a schedule. */
async function prepare({ path }: ApiOperation): Promise<void> {
  const notify = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
  const made = path.startsWith('/v1/batches')
    ? await intake.send('POST', '/v1/batches', {})
    : await intake.send('POST', '/v1/jobs/notifications.send?entity=booking:42', notify)
  known['id'] = String(made.json['id'])
  if (path.endsWith('/events') || path.endsWith('/retry')) await intake.send('POST', `/v1/jobs/${known['id']}/cancel`)
  const schedule = {
    name: 'notifications.send',
    cron: '0 8 * * *',
    zone: 'Europe/Paris',
    missed: 'skip',
    overlap: 'skip',
  }
  await intake.send('PUT', '/v1/schedules/a-key', { ...schedule, payload: notify })
  if (path.startsWith('/v1/inbox/')) known['id'] = (await givenInboxEvent(intake.database, { state: 'failed' })).id
  if (path.startsWith('/v1/notifications/{id}')) {
    const told = { to: { email: 'someone@example.test' }, title: 'Une clé', body: 'Sous le pot.' }
    known['id'] = String((await intake.send('POST', '/v1/notifications', told)).json['id'])
  }
  if (path.startsWith('/v1/broadcasts/{id}')) {
    const news = { audience: { everybody: true }, title: 'Les nouvelles', body: 'Le printemps.', category: 'news' }
    known['id'] = String((await intake.send('POST', '/v1/broadcasts', news)).json['id'])
  }
  if (path === '/v1/sync/{sync}') {
    await intake.send('POST', '/v1/sync?name=x', '{}\n', { 'content-type': 'application/x-ndjson' })
  }
  // A first try of an id is made with x.
  const entity = entityPaths.find(one => one.path === path)
  if (entity) await intake.send('PUT', path.replace(/\{\w+\}/, 'x'), { ...entityBodies[entity.kind], version: 0 })
  if (path.startsWith('/v1/users/')) await intake.send('PUT', '/v1/users/x', { ...entityBodies.user, version: 0 })
}

function attemptAt(operation: ApiOperation): Attempt {
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    chance(0.5) ? encodeURIComponent(known[name] ?? 'x') : segment(),
  )
  const search = new URLSearchParams()
  const headers: Record<string, string> = {}
  for (const { name, in: place, schema } of operation.parameters) {
    if (place === 'path' || chance(0.7)) continue
    const given = knownOptions[name]
    const values =
      given !== undefined && chance(0.5)
        ? [given]
        : [fitting(schema)].flat().map(value => (chance(0.6) ? String(value) : text()))
    if (place === 'query') for (const value of values) search.append(name, value.toWellFormed())
    // A wait for a job that nobody does would only cost time.
    else
      headers[name] =
        name === 'Prefer' ? pick(['wait=0', 'wait=', 'wait=x', 'respond-async'], '') : asHeader(values.join())
  }
  if (chance(0.1)) search.append(text().toWellFormed(), text().toWellFormed())
  const [type, schema] = pick([...(operation.body?.content ?? [])], ['application/json', {}])
  if (operation.body) headers['content-type'] = chance(0.95) ? type : 'text/html'
  return {
    method: operation.method,
    path: search.size > 0 ? `${path}?${search.toString()}` : path,
    headers,
    ...(operation.body ? { body: body(schema, goodTry(operation).body?.toString()) } : {}),
  }
}

/** One segment of a path, never empty and never a step up: those are other addresses. */
function segment(): string {
  const encoded = encodeURIComponent(text().toWellFormed())
  return /^\.*$/.test(encoded) ? 'x' : encoded
}

function asHeader(value: string): string {
  return value.replaceAll(/[^\x20-\x7e]/g, '?')
}

test('whatever comes is answered as described, and nothing is our fault', async () => {
  const faults: string[] = []
  const succeeded = new Set<string>()
  for (const operation of operations) {
    await prepare(operation)
    for (let turn = 0; turn < requestsPerOperation; turn += 1) {
      const attempt = attemptAt(operation)
      const answer = await sendTo(intake, attempt)
      try {
        operation.check(answer)
        if (answer.status < 300) succeeded.add(operation.id)
        if (answer.status >= 500) throw new Error(`answered ${answer.status}`)
      } catch (error) {
        faults.push(`${JSON.stringify(attempt)}: ${String(error)}: ${answer.text.slice(0, 300)}`)
      }
    }
  }
  expect(faults).toEqual([])
  // Requests that are refused at the first look would try out nothing behind it.
  const unlucky = operations.filter(({ id, path }) => !succeeded.has(id) && !path.startsWith('/webhooks/'))
  expect(unlucky.map(({ id }) => id)).toEqual([])
})
