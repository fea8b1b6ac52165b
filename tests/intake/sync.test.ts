import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createApiKey } from '../../src/db/api-keys.ts'
import { startIntake, type TestIntake, testKey } from '../support/intake.ts'
import { openSync, sendSync, userLine } from '../support/send-sync.ts'
import { until } from '../support/until.ts'

let intake: TestIntake

beforeAll(async () => {
  intake = await startIntake({ LOG_LEVEL: 'silent' })
})
afterEach(async () => {
  await intake.database.knex.raw(
    'truncate platform.versions, platform.users, platform.devices, platform.preferences, platform.places, hbnb_jobs.syncs',
  )
})
afterAll(() => intake.close())

const users = (count: number, version = 1) =>
  Array.from({ length: count }, (_none, at) => userLine(at + 1, { version }))

async function stored(table = 'users'): Promise<number> {
  const [row] = await intake.database.knex(`platform.${table}`).count<{ count: string }[]>('* as count')
  return Number(row?.count)
}

const shown = async (name: string) => (await intake.send('GET', `/v1/sync/${name}`)).json

test('of 100,000 lines with ten bad ones exactly those are refused, each named, and the others stored', async () => {
  const faults = new Map<number, readonly [text: string, code: string, field?: string]>([
    [1, ['not json', 'bad-json']],
    [500, ['{"kind":"user","id":"500","version":1}', 'invalid-entity', '/first_name']],
    [501, ['{"kind":"user","id":"501","id":"502","version":1,"first_name":"A"}', 'invalid-entity', '/id']],
    [10_000, ['{"kind":"guest","id":"1","version":1}', 'invalid-entity', '/kind']],
    [33_333, ['[]', 'invalid-entity', '']],
    [44_444, [userLine(44_444, { first_name: 'x'.repeat(70_000) }), 'body-too-large']],
    [55_555, [userLine(55_555, { version: -1 }), 'invalid-entity', '/version']],
    [66_666, [userLine(66_666, { first_name: '\u0000' }), 'invalid-entity', '/first_name']],
    [77_777, [userLine(77_777, { nick_name: 'A' }), 'invalid-entity', '/nick_name']],
    [100_000, [userLine(100_000, { email: 'nobody' }), 'invalid-entity', '/email']],
  ])
  const lines = users(100_000)
  for (const [line, [text]] of faults) lines[line - 1] = text
  const answers = await sendSync(intake.url, 'all', lines)
  const sum = answers.pop()
  expect(sum).toMatchObject({ done: true, lines: 100_000, stored: 99_990, unchanged: 0, outdated: 0, refused: 10 })

  const told = answers.filter(({ status }) => status === 'refused')
  const codes = [...faults].map(([line, [, code, field]]) => [line, `/problems/${code}`, field])
  expect(told.map(({ line, problem }) => [line, problem?.type, problem?.errors?.[0]?.field])).toEqual(codes)
  const progress = answers.flatMap(one => one.progress ?? [])
  expect(progress.length).toBeGreaterThanOrEqual(9)
  expect(progress.map(({ lines: at }) => at)).toEqual(progress.map(({ lines: at }) => at).toSorted((a, b) => a - b))
  expect(await stored()).toBe(99_990)
  expect(await shown('all')).toMatchObject({
    name: 'all',
    state: 'done',
    lines: 100_000,
    stored: 99_990,
    refused: 10,
    bad_lines: told.map(({ line, problem }) => ({ line, problem: { type: problem?.type } })),
  })
}, 120_000)

test('lines of all kinds may be mixed; blank ones count, and say nothing', async () => {
  const preferences = JSON.stringify({ kind: 'preferences', id: '1', version: 1 })
  const place = JSON.stringify({
    kind: 'place',
    id: '9',
    version: 3,
    host_id: '1',
    title: 'Gîte',
    city: 'Lyon',
    country: 'FR',
    zone: 'Europe/Paris',
  })
  const answers = await sendSync(intake.url, 'mixed', ['', userLine(1), preferences, ' ', place, userLine(2), '', ''])
  expect(answers).toEqual([expect.objectContaining({ done: true, lines: 8, stored: 4, refused: 0 })])
  expect([await stored('users'), await stored('preferences'), await stored('places')]).toEqual([2, 1, 1])
})

test('a line that is known, one that is older and one that reuses a version are told apart', async () => {
  await sendSync(intake.url, 'first', users(3, 5))
  const lines = [userLine(1, { version: 5 }), userLine(2, { version: 4 }), userLine(3, { version: 5, first_name: 'B' })]
  const answers = await sendSync(intake.url, 'second', lines)
  expect(answers).toMatchObject([
    { line: 3, status: 'refused', problem: { type: '/problems/version-reused', status: 409 } },
    { done: true, stored: 0, unchanged: 1, outdated: 1, refused: 1 },
  ])
})

test('what only Postgres will not keep is refused alone', async () => {
  const lines = users(40)
  lines[16] = userLine(17, { last_name: 'unstorable' })
  lines[30] = userLine(31, { last_name: 'unstorable' })
  const { knex } = intake.database
  await knex.raw(`alter table platform.users add constraint of_the_test check (last_name <> 'unstorable')`)
  const answers = await sendSync(intake.url, 'unstorable', lines)
  await knex.raw('alter table platform.users drop constraint of_the_test')
  expect(answers).toMatchObject([
    { line: 17, status: 'refused', problem: { type: '/problems/invalid-entity' } },
    { line: 31, status: 'refused', problem: { type: '/problems/invalid-entity' } },
    { done: true, stored: 38, refused: 2 },
  ])
  expect(await stored()).toBe(38)
})

test('lines are stored and answered while the stream is still open', async () => {
  const stream = await openSync(intake.url, 'slow')
  stream.write(`${userLine(1)}\nnot json\n`)
  await until('the refusal', () => stream.heard().includes('"line":2,"status":"refused"'))
  expect(await stored()).toBe(1)
  expect(await shown('slow')).toMatchObject({ state: 'running', lines: 2, stored: 1, refused: 1 })
  stream.write(userLine(2).slice(0, 20))
  stream.write(userLine(2).slice(20))
  stream.end()
  await until('the sum', () => stream.heard().includes('"done":true,"lines":3,"stored":2'))
  stream.socket.destroy()
})

test('a sync that was cut goes on behind what was committed, counts included', async () => {
  const lines = users(3_000)
  lines[9] = 'not json'
  const stream = await openSync(intake.url, 'cut')
  // The last line is not whole: it must not be taken for one.
  stream.write(`${lines.slice(0, 2_000).join('\n')}\n${lines[2_000]?.slice(0, -1)}`)
  await until('all that came', async () => (await shown('cut'))['lines'] === 2_000)
  stream.socket.destroy()
  await until('the cut', async () => (await shown('cut'))['state'] === 'cut')
  expect(await shown('cut')).toMatchObject({ lines: 2_000, stored: 1_999, refused: 1, bad_lines: [{ line: 10 }] })

  // Not even looked at: else it would be refused now.
  const answers = await sendSync(intake.url, 'cut', lines)
  expect(answers).toMatchObject([
    { resumed_after_line: 2_000 },
    { done: true, lines: 3_000, stored: 2_999, unchanged: 0, refused: 1 },
  ])
  expect(await shown('cut')).toMatchObject({ state: 'done', bad_lines: [{ line: 10 }] })
  expect(await stored()).toBe(2_999)
})

test('other lines under the name of a cut sync are refused, and taken from the start when that is asked for', async () => {
  const cut = async () => {
    const stream = await openSync(intake.url, 'other')
    stream.write(`${users(10).join('\n')}\n`)
    await until('all that came', async () => (await shown('other'))['lines'] === 10)
    stream.socket.destroy()
    await until('the cut', async () => (await shown('other'))['state'] === 'cut')
  }
  await cut()
  const differs = { done: false, lines: 10, problem: { type: '/problems/sync-differs', status: 409 } }
  const others = users(20, 2)
  expect(await sendSync(intake.url, 'other', others)).toMatchObject([{ resumed_after_line: 10 }, differs])
  expect(await sendSync(intake.url, 'other', users(9))).toMatchObject([{ resumed_after_line: 10 }, differs])
  expect(await stored()).toBe(10)
  expect(await sendSync(intake.url, 'other', others, '&restart=true')).toMatchObject([{ done: true, stored: 20 }])
})

test('a sync that is done begins anew when it is sent again', async () => {
  await sendSync(intake.url, 'again', users(5))
  const answers = await sendSync(intake.url, 'again', users(7))
  expect(answers).toMatchObject([{ done: true, lines: 7, stored: 2, unchanged: 5 }])
})

test('two at once under one name: the second is refused, and may go on when the first falls silent', async () => {
  const first = await openSync(intake.url, 'twice')
  first.write(`${userLine(1)}\n`)
  await until('its line', async () => (await shown('twice'))['lines'] === 1)
  const refused = await intake.send('POST', '/v1/sync?name=twice&restart=true', `${userLine(1)}\n`, {
    'content-type': 'application/x-ndjson',
  })
  expect(refused).toMatchObject({ status: 409, json: { type: '/problems/sync-running' } })
  expect(refused.headers.get('retry-after')).toBe('5')

  // As after a kill: nobody lets go, and nobody says that he is still there.
  await intake.database.knex('hbnb_jobs.syncs').update({ held_until: new Date(0) })
  expect(await shown('twice')).toMatchObject({ state: 'cut' })
  const second = await sendSync(intake.url, 'twice', users(2))
  expect(second).toMatchObject([{ resumed_after_line: 1 }, { done: true, lines: 2, stored: 2 }])
  // Who was only slow has lost it, and commits nothing more.
  first.write(`${userLine(2, { version: 9 })}\n`)
  await until('its end', () => first.heard().includes('/problems/sync-running'))
  expect(await intake.database.knex('platform.versions').max('version as newest').first()).toEqual({ newest: '1' })
  expect(await shown('twice')).toMatchObject({ state: 'done', lines: 2 })
  first.socket.destroy()
})

test('syncs are listed by name, a page at a time', async () => {
  const rows = Array.from({ length: 101 }, (_none, at) => ({
    name: `s-${String(at).padStart(3, '0')}`,
    state: 'cut',
    holder: crypto.randomUUID(),
    held_until: new Date(),
  }))
  await intake.database.knex('hbnb_jobs.syncs').insert(rows)
  const page = await intake.send('GET', '/v1/sync')
  expect(page.json).toMatchObject({ next_cursor: 's-099' })
  expect(page.json['syncs']).toHaveLength(100)
  const rest = await intake.send('GET', '/v1/sync?cursor=s-099')
  expect(rest.json).toMatchObject({ next_cursor: null, syncs: [{ name: 's-100', state: 'cut', lines: 0 }] })
})

test('test keys, other scopes, other names and other bodies are refused before anything is read', async () => {
  const lines = { 'content-type': 'application/x-ndjson' }
  const send = (path: string, headers: Record<string, string> = lines) => intake.send('POST', path, 'x', headers)
  const { key: writer } = await createApiKey(intake.database.knex, { name: 'w', tenant: 't', scopes: ['jobs:write'] })
  const { key: tester } = await createApiKey(intake.database.knex, {
    name: 'test',
    tenant: 't-test',
    scopes: ['platform:write'],
    isTest: true,
  })
  expect(await send('/v1/sync?name=a', { ...lines, authorization: `Bearer ${writer}` })).toMatchObject({ status: 403 })
  expect(await send('/v1/sync?name=a', { ...lines, authorization: `Bearer ${tester}` })).toMatchObject({
    status: 403,
    json: { type: '/problems/live-only' },
  })
  expect(await send('/v1/sync')).toMatchObject({ status: 400, json: { errors: [{ field: 'name' }] } })
  expect(await send('/v1/sync?name=A_b')).toMatchObject({ status: 400, json: { errors: [{ field: 'name' }] } })
  expect(await send('/v1/sync?name=a', { 'content-type': 'application/json' })).toMatchObject({ status: 415 })
  expect(await send('/v1/sync?name=a', { ...lines, 'content-encoding': 'gzip' })).toMatchObject({ status: 415 })
  expect(await intake.send('GET', '/v1/sync/none')).toMatchObject({ status: 404 })
  expect(testKey).not.toBe(writer)
  expect(await intake.count('syncs')).toBe(0)
})
