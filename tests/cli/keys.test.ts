import { expect, test } from 'vitest'
import { z } from 'zod'
import { openCliWorld } from './cli-world.ts'

const madeKey = z.looseObject({ id: z.uuid(), key: z.string() })
const rotatedKey = madeKey.extend({ replaces: z.uuid(), old_ends_at: z.iso.datetime() })
const hourMs = 3_600_000

const { database, jobs } = await openCliWorld()

const read = async <T>(schema: z.ZodType<T>, ...args: string[]) =>
  schema.parse(JSON.parse((await jobs(...args, '--json')).out))

test('a key may do the usual things unless it is told otherwise', async () => {
  const key = await read(madeKey, 'keys', 'add', 'flask-app')
  expect(key).toMatchObject({ tenant: 'default', scopes: ['jobs:write', 'jobs:read'], test: false, expires_at: null })
})

test('a test key says so, in its text and its tenant', async () => {
  const key = await read(madeKey, 'keys', 'add', 'flask-ci', '--test', '--tenant', 'web')
  expect(key.key).toMatch(/^hbnb_test_/)
  expect(key).toMatchObject({ tenant: 'web:test', test: true })
  expect((await jobs('keys', 'list')).out).toContain(`${key.id}  flask-ci`)
  const refused = await jobs('keys', 'add', 'x', '--test', '--scopes', 'jobs:any-tenant')
  expect(refused).toMatchObject({ code: 2 })
  expect(refused.complaint).toContain('test tenant alone')
})

test('a key is rotated with an overlap, and the list tells how long the old one lives', async () => {
  const old = await read(madeKey, 'keys', 'add', 'importer', '--expires', '90d', '--per-minute', '600')
  const next = await read(rotatedKey, 'keys', 'rotate', old.id, '--overlap', '2h')
  expect(next.replaces).toBe(old.id)
  expect(Math.abs(Date.parse(next.old_ends_at) - Date.now() - 2 * hourMs)).toBeLessThan(hourMs)
  const usual = await read(rotatedKey, 'keys', 'rotate', next.id)
  expect(Math.abs(Date.parse(usual.old_ends_at) - Date.now() - 24 * hourMs)).toBeLessThan(hourMs)
  const { out } = await jobs('keys', 'list')
  expect(out).toMatch(new RegExp(`${old.id} +importer +default +jobs:write,jobs:read +600 .*until `))
  expect(await jobs('keys', 'revoke', usual.id)).toMatchObject({ code: 0 })
  expect(await jobs('keys', 'rotate', usual.id)).toMatchObject({ code: 1 })
})

test.each([
  ['--tenant', 'web:test', 'names and tenants'],
  ['--expires', '2020-01-01T00:00:00Z', '--expires must lie ahead'],
  ['--expires', 'soon', '--expires takes'],
  ['--per-minute', '0', '--per-minute takes'],
  ['--scopes', 'jobs:write,everything', '--scopes takes'],
])('keys add %s %s is refused', async (option, value, complaint) => {
  const answer = await jobs('keys', 'add', 'x', option, value)
  expect(answer.code).toBe(2)
  expect(answer.complaint).toContain(complaint)
})

test('every change of a key is in the audit log, and no key is', async () => {
  const { id, key } = await read(madeKey, 'keys', 'add', 'audited', '--by', 'ada')
  const next = await read(rotatedKey, 'keys', 'rotate', id, '--by', 'ada')
  await jobs('keys', 'revoke', id, '--by', 'ada')
  const rows = await database
    .knex('hbnb_jobs.audit_log')
    .where({ target: `key:${id}` })
    .orderBy('id')
  expect(rows).toMatchObject(['key.add', 'key.rotate', 'key.revoke'].map(action => ({ action, actor: 'ada' })))
  expect(JSON.stringify(rows)).not.toContain(key)
  expect(JSON.stringify(rows)).not.toContain(next.key)
})
