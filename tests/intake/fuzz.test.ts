import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { randomOf } from '../chaos/random.ts'
import { type ApiOperation, describedOperations } from '../support/described-api.ts'
import { generator } from '../support/generate.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'
import type { Attempt } from '../support/provoke.ts'

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

beforeAll(async () => {
  intake = await startIntake()
  operations = await describedOperations(intake)
  const notify = { user_id: 'u1', template: 'booking-confirmation', booking_id: '42' }
  known['id'] = String((await intake.send('POST', '/v1/jobs/notifications.send', notify)).json['id'])
  // A stream of events ends with its job.
  await intake.send('POST', `/v1/jobs/${known['id']}/cancel`)
})
afterAll(() => intake.close())

function attemptAt(operation: ApiOperation): Attempt {
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) =>
    chance(0.5) ? encodeURIComponent(known[name] ?? 'x') : segment(),
  )
  const search = new URLSearchParams()
  const headers: Record<string, string> = {}
  for (const { name, in: place, schema } of operation.parameters) {
    if (place === 'path' || chance(0.7)) continue
    const values = [fitting(schema)].flat().map(value => (chance(0.6) ? String(value) : text()))
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
    ...(operation.body ? { body: body(schema) } : {}),
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
  for (const operation of operations) {
    for (let turn = 0; turn < requestsPerOperation; turn += 1) {
      const attempt = attemptAt(operation)
      const answer = await intake.send(attempt.method, attempt.path, attempt.body, { ...attempt.headers })
      try {
        operation.check(answer)
        if (answer.status >= 500 && operation.path !== '/readyz') throw new Error(`answered ${answer.status}`)
      } catch (error) {
        faults.push(`${JSON.stringify(attempt)}: ${String(error)}: ${answer.text.slice(0, 300)}`)
      }
    }
  }
  expect(faults).toEqual([])
})
