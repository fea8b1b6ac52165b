import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { isPasswordOf } from '../../src/db/operators.ts'
import { createSignInLink, findSession, isLinkGood, openSession } from '../../src/db/sessions.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { givenStory } from '../operators/given-story.ts'
import { openCliWorld } from './cli-world.ts'
import { commandLine } from './command-line.ts'

const madeOperator = z.object({ link: z.url(), role: z.string() })
const madeKey = z.object({ id: z.uuid(), key: z.string() })
const typeList = z.array(z.object({ name: z.string(), payload: z.unknown() }))

const password = 'a long enough password'
const { url, database, jobs } = await openCliWorld({ secret: password })
const ids = await givenStory(database.knex, '42')

describe('operators', () => {
  test('add asks for a password that then works', async () => {
    const { code, out } = await jobs('operators', 'add', ' Ada@HBNB.example', '--role', 'admin')
    expect([code, out]).toEqual([0, 'ada@hbnb.example is admin.\n'])
    expect(await isPasswordOf(database.knex, 'ada@hbnb.example', password)).toBe(true)
  })

  test('add --link prints a link that signs in, and no password opens the door', async () => {
    const { out } = await jobs('operators', 'add', 'bob@hbnb.example', '--link', '--json')
    const { link, role } = madeOperator.parse(JSON.parse(out))
    expect(role).toBe('viewer')
    expect(link).toMatch(/^http:\/\/jobs\.test\/login\/link\/[\w-]{43}$/)
    expect(await isLinkGood(database.knex, link.split('/').at(-1) ?? '')).toBe(true)
    expect(await isPasswordOf(database.knex, 'bob@hbnb.example', 'none')).toBe(false)
    expect(await isPasswordOf(database.knex, 'bob@hbnb.example', '')).toBe(false)
  })

  test('link prints only the link, and list tells who is there but no secrets', async () => {
    await jobs('operators', 'add', 'carl@hbnb.example')
    expect((await jobs('operators', 'link', 'carl@hbnb.example')).out).toMatch(
      /^http:\/\/jobs\.test\/login\/link\/\S+\n$/,
    )
    const { out } = await jobs('operators', 'list')
    expect(out).toMatch(/^E-MAIL +ROLE +ADDED\n/)
    expect(out).toMatch(/carl@hbnb\.example +viewer +\d{4}-/)
    expect((await jobs('operators', 'list', '--json')).out).not.toMatch(/scrypt|token/)
  })

  test('disable shuts a person out at once, and add lets them in again', async () => {
    const { knex } = database
    const email = 'erin@hbnb.example'
    await jobs('operators', 'add', email)
    const [{ token }, link] = [await openSession(knex, email), await createSignInLink(knex, email)]
    expect(await jobs('operators', 'disable', ' Erin@HBNB.example')).toMatchObject({
      code: 0,
      out: `${email} is out.\n`,
    })
    expect(await findSession(knex, token)).toBeUndefined()
    expect(await isPasswordOf(knex, email, password)).toBe(false)
    expect((await jobs('operators', 'list')).out).toMatch(/erin@hbnb\.example .* disabled \d{4}-/)
    expect(await jobs('operators', 'disable', email)).toMatchObject({ code: 1, out: '' })
    await jobs('operators', 'add', email)
    expect(await isPasswordOf(knex, email, password)).toBe(true)
    expect(await findSession(knex, token), 'the old session stays closed').toBeUndefined()
    expect(await isLinkGood(knex, link.split('/').at(-1) ?? '')).toBe(false)
  })

  test.each([
    [['operators', 'add', 'nobody'], 2, 'is not an e-mail address'],
    [['operators', 'add', 'a@b.example', '--role', 'king'], 2, 'viewer, operator, admin'],
    [['operators', 'add'], 2, 'something is missing'],
    [['operators', 'add', 'a@b.example', 'c'], 2, '"c" is too much'],
    [['operators', 'add', 'a@b.example', '--rol', 'admin'], 2, '--rol'],
    [['operators', 'link', 'unknown@b.example'], 1, 'operators add unknown@b.example'],
    [['operators', 'disable', 'unknown@b.example'], 1, 'there is no such person'],
  ])('%j is refused and says what to do', async (args, code, words) => {
    const answer = await jobs(...args)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.complaint).toContain(words)
  })

  test('a short password is refused', async () => {
    const answer = await commandLine(url, { secret: 'short' })('operators', 'add', 'dora@hbnb.example')
    expect(answer.code).toBe(1)
    expect(answer.complaint).toContain('12 to 200 characters')
    expect((await jobs('operators', 'list')).out).not.toContain('dora')
  })
})

test('keys are made, listed without the key, and revoked once', async () => {
  const made = madeKey.parse(
    JSON.parse((await jobs('keys', 'add', 'flask-app', '--scopes', 'jobs:read', '--json')).out),
  )
  expect(made.key).toMatch(/^hbnb_/)
  const listed = (await jobs('keys', 'list')).out
  expect(listed).toContain(`${made.id}  flask-app  default  jobs:read `)
  expect(listed).not.toContain(made.key)
  expect(await jobs('keys', 'revoke', made.id)).toMatchObject({ code: 0, out: 'Revoked.\n' })
  expect((await jobs('keys', 'revoke', made.id)).code).toBe(1)
  expect((await jobs('keys', 'revoke', 'flask-app')).code).toBe(2)
  expect((await jobs('keys', 'add', 'x', '--scopes', 'everything')).complaint).toContain('jobs:write')
})

describe('jobs', () => {
  test('show tells state, attempts and effects of one', async () => {
    const { out } = await jobs('show', ids.sms)
    expect(out).toMatch(/^sms\.send\n {2}state +completed\n/)
    expect(out).toContain('about      booking:42')
    expect(out).toMatch(/retry +2026-11-22 08:00:00 UTC +Twilio answered 503/)
    expect(out).toMatch(/sms +twilio +accepted +2 +SM8f0c2b7d9e4a41b6a7c3d5e6f7a8b9c0/)
    expect(JSON.parse((await jobs('show', ids.sms, '--json')).out)).toMatchObject({
      state: 'completed',
      tenant: 'default',
    })
  })

  test('story tells an entity in time order, also by the id of a job', async () => {
    const { out } = await jobs('story', 'booking:42')
    expect(out).toMatch(
      /^Booking 42 confirmed: e-mail accepted, SMS accepted, push accepted; 1 crash survived; 1 retry\n\n/,
    )
    expect(out).toMatch(/\+5\.93 s +jobs +email\.send attempt 1 crashed/)
    expect((await jobs('story', ids.push)).out).toBe(out)
    expect(JSON.parse((await jobs('story', 'booking:42', '--json')).out)).toMatchObject({ entity: 'booking:42' })
  })

  test('types lists every contract', async () => {
    expect((await jobs('types')).out).toMatch(/notifications\.send +2 +open +Tell a person something/)
    const types = typeList.parse(JSON.parse((await jobs('types', '--json')).out))
    expect(types.find(({ name }) => name === 'email.send')?.payload).toMatchObject({ required: ['delivery_id'] })
  })

  test.each([
    [['show', newJobId()], 1, 'the ledger has no job'],
    [['show', '42'], 2, 'is not a job id'],
    [['story', 'booking:none'], 1, 'nothing is known of booking:none'],
    [['story', '42'], 2, 'neither like booking:42 nor a job id'],
  ])('%j is refused', async (args, code, words) => {
    const answer = await jobs(...args)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.complaint).toContain(words)
  })
})

describe('help', () => {
  test('lists commands, and shows examples of one', async () => {
    expect(await jobs('--help')).toMatchObject({ code: 0, complaint: '' })
    const { out } = await jobs('keys', 'add', '--help')
    expect(out).toContain('Usage: npm run jobs -- keys add <name>')
    expect(out).toContain('npm run jobs -- keys add flask-app')
  })

  test('comes by itself when a command is not known', async () => {
    expect(await jobs('kyes')).toMatchObject({
      code: 2,
      out: '',
      complaint: expect.stringContaining('no command "kyes"'),
    })
    expect((await jobs()).code).toBe(2)
    expect((await jobs('operators', 'remove')).complaint).not.toContain('keys add')
    expect((await jobs('schedules', '--help')).out).toContain('schedules preview')
  })

  test('a group without a verb lists', async () => {
    expect(await jobs('schedules', '--json')).toMatchObject({ code: 0, out: '[]\n' })
    expect(await jobs('schedules', '--tenant')).toMatchObject({ code: 2, out: '' })
  })
})

describe('a database', () => {
  test('that is away is said so', async () => {
    const answer = await commandLine('postgres://hbnb@127.0.0.1:1/none')('story', 'booking:42')
    expect(answer).toMatchObject({ code: 1, complaint: expect.stringContaining('DATABASE_URL') })
  })

  test('that was never migrated is said so', async () => {
    const bare = new URL(url)
    bare.pathname = '/postgres'
    const answer = await commandLine(bare.href)('operators', 'list')
    expect(answer).toMatchObject({ code: 1, complaint: expect.stringContaining('npm run migrate') })
  })
})

async function asProcess(args: string[], input: string): Promise<{ code: unknown; out: string }> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const child = spawn(process.execPath, [main, ...args], { env: { ...process.env, DATABASE_URL: url } })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stdin.end(input)
  const code = await new Promise(resolve => child.once('close', resolve))
  return { code, out }
}

test('as a process: the password is piped in, the exit code tells', async () => {
  const added = await asProcess(['operators', 'add', 'pia@hbnb.example'], `${password}\n`)
  expect(added).toEqual({ code: 0, out: 'pia@hbnb.example is viewer.\n' })
  expect(await isPasswordOf(database.knex, 'pia@hbnb.example', password)).toBe(true)
  expect((await asProcess(['nonsense'], '')).code).toBe(2)
})
