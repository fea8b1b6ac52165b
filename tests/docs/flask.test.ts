import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { findPython } from '../../src/setup/python.ts'
import { freePort } from '../../src/setup/server-process.ts'
import { standardHeaders } from '../support/sign-webhook.ts'
import { until } from '../support/until.ts'
import { blocksOf } from './page.ts'
import { type Desk, startDesk } from './system.ts'

const startTimeoutMs = 120_000

const python = await findPython()

// Where there is no Python to run it, `npm test` says so by name.
describe.runIf('path' in python)('the page for Flask, its snippets joined as app.py', () => {
  let desk: Desk
  let flask: ChildProcess
  let base: string
  let exported: Readonly<Record<string, string>>
  let database: Client

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = await response.text()
    return {
      status: response.status,
      json: answer.startsWith('{') ? z.looseObject({}).parse(JSON.parse(answer)) : {},
    }
  }

  /** Runs a command of the app and answers what it printed. */
  async function runFlask(command: string): Promise<string> {
    if ('missing' in python) throw new Error(python.missing)
    const child = spawn(python.path, ['-m', 'flask', '--app', 'app', command], { cwd: desk.folder, env: environment() })
    const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
    expect(code, err).toBe(0)
    return out
  }

  const environment = () => ({
    PATH: process.env.PATH ?? '',
    ...('env' in python ? python.env : {}),
    ...exported,
  })

  const jobsOf = async (entity: string): Promise<{ id: string; name: string }[]> =>
    (await database.query('select id, name from hbnb_jobs.jobs where entity = $1 order by id', [entity])).rows

  beforeAll(async () => {
    if ('missing' in python) throw new Error(python.missing)
    desk = await startDesk()
    exported = await desk.start('npm run dev')
    database = new Client({ connectionString: exported['DATABASE_URL'] })
    await database.connect()
    await database.query('create table bookings (id text primary key, paid boolean not null)')
    await database.query(`
      create table users (id text primary key, first_name text not null, last_name text not null, email text, phone text,
        country text, locale text, email_notifications_enabled boolean not null default true,
        fcm_tokens text[] not null default '{}', updated_at timestamptz not null default now())`)
    const blocks = await blocksOf('upstream/flask.md')
    const snippets = blocks.filter(({ language }) => language === 'python').map(block => block.text)
    expect(snippets.length).toBeGreaterThan(4)
    await writeFile(join(desk.folder, 'app.py'), snippets.join('\n'))
    await copyFile(join(desk.folder, 'docs/upstream/hbnb_jobs.py'), join(desk.folder, 'hbnb_jobs.py'))
    const port = await freePort()
    base = `http://127.0.0.1:${port}`
    flask = spawn(python.path, ['-m', 'flask', '--app', 'app', 'run', '--port', String(port)], {
      cwd: desk.folder,
      env: environment(),
      stdio: 'ignore',
    })
    await until(
      'Flask answers',
      async () =>
        await fetch(base).then(
          () => true,
          () => false,
        ),
      startTimeoutMs,
    )
  }, startTimeoutMs)

  afterAll(async () => {
    if (flask?.pid !== undefined && flask.exitCode === null) {
      flask.kill('SIGTERM')
      await once(flask, 'exit')
    }
    await database?.end()
    await desk?.clear()
  })

  const guest = () => ({ guest_id: `guest-${exported['BOOKING_ID']}` })

  test('enqueues once however often it is asked, and waits for the result', async () => {
    const booking = exported['BOOKING_ID']
    const first = await ask('POST', `/bookings/${booking}/remind`, guest())
    expect(first).toMatchObject({ status: 202, json: { job_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } })
    expect((await ask('POST', `/bookings/${booking}/remind`, guest())).json).toEqual(first.json)

    const ended = await ask('GET', `/jobs/${String(first.json['job_id'])}/result`)
    expect(ended).toMatchObject({ status: 200, json: { state: 'completed', error: null } })
  })

  test('says which field is wrong', async () => {
    const refused = await ask('POST', '/bookings/x/remind', { guest_id: 7 })
    expect(refused).toMatchObject({
      status: 422,
      json: { error: 'invalid-payload', errors: [{ field: '/user_id' }] },
    })
  })

  test('tells of a person, and of their leaving', async () => {
    await database.query(`
      insert into users (id, first_name, last_name, email, fcm_tokens)
      values ('u-1', 'Camille', 'Durand', 'camille@example.test', '{token-1}')`)
    const told = await ask('POST', '/users/u-1/changed')
    expect(told).toMatchObject({ status: 200, json: { kind: 'user', id: 'u-1', status: 'stored' } })
    expect((await ask('POST', '/users/u-1/changed')).json).toMatchObject({ status: 'unchanged' })
    const { rows } = await database.query(
      `select first_name, email, array(select token from platform.devices where user_id = id) as tokens
       from platform.users where id = 'u-1'`,
    )
    expect(rows).toEqual([{ first_name: 'Camille', email: 'camille@example.test', tokens: ['token-1'] }])

    expect((await ask('DELETE', '/users/u-1')).json).toMatchObject({ kind: 'user', id: 'u-1', status: 'deleted' })
    expect((await database.query(`select from platform.users where id = 'u-1'`)).rows).toEqual([])
  })

  test('tells somebody something, and what became of it', async () => {
    const told = await ask('POST', `/users/${guest().guest_id}/message`, { text: 'Les clés sont chez la boulangère.' })
    expect(told).toMatchObject({ status: 202, json: { id: expect.any(String) } })
    await expect
      .poll(async () => (await ask('GET', `/notifications/${String(told.json['id'])}`)).json)
      .toMatchObject({ push: true })
    expect((await ask('POST', '/users/nobody/message', { text: '?' })).status).toBe(404)
  })

  test('tells of everybody, and says who is refused', async () => {
    await database.query(`
      insert into users (id, first_name, last_name, email)
      select 'many-' || lpad(n::text, 5, '0'), 'Noor', 'B.', case n when 7 then 'nowhere' else 'noor-' || n || '@example.test' end
      from generate_series(1, 6000) n`)
    const lines = (await runFlask('backfill')).trim().split('\n')
    expect(lines[0]).toMatch(/^line 7: .*email/)
    expect(lines.slice(1)).toEqual([
      "{'lines': 5000, 'stored': 4999, 'unchanged': 0, 'outdated': 0, 'refused': 1}",
      "{'lines': 6000, 'stored': 5999, 'unchanged': 0, 'outdated': 0, 'refused': 1}",
    ])
    const { rows } = await database.query(`select count(*)::int as many from platform.users where id like 'many-%'`)
    expect(rows).toEqual([{ many: 5_999 }])
  })

  const booking = (place: string) => ({
    version: 2,
    place_id: place,
    guest_id: guest().guest_id,
    status: 'confirmed',
    check_in: '2026-12-12',
    check_out: '2026-12-19',
    guests: 2,
    total_minor: 84_050,
    currency: 'EUR',
  })

  test('tells of an event with its booking; a repeat is known', async () => {
    const body = booking(`place-${exported['BOOKING_ID']}`)
    const taken = await ask('POST', '/bookings/b-standard/confirm', body)
    expect(taken).toMatchObject({ status: 200, json: { status: 'accepted', event_id: 'booking-b-standard-2' } })
    expect((await ask('POST', '/bookings/b-standard/confirm', body)).json).toMatchObject({ status: 'duplicate' })
    await until('the event has its job', async () => (await jobsOf('booking:b-standard')).length > 0)
  })

  test('signs an event as the guide does, and it is taken', async () => {
    const taken = await ask('POST', '/bookings/b-guide/cancel')
    expect(taken).toMatchObject({ status: 200, json: { status: 'accepted' } })
    await until('the event has its job', async () => (await jobsOf('booking:b-guide')).length > 0)
  })

  test('a job made in a transaction exists when that commits, and only then', async () => {
    await database.query(`insert into bookings values ('t-1', false), ('t-2', false)`)
    const paid = await ask('POST', '/bookings/t-1/pay', guest())
    expect(paid.status).toBe(202)
    expect(await jobsOf('booking:t-1')).toEqual([{ id: paid.json['job_id'], name: 'notifications.send' }])
    expect((await ask('POST', '/bookings/t-2/pay?fail=1', guest())).status).toBe(500)
    expect(await jobsOf('booking:t-2')).toEqual([])
    const { rows } = await database.query('select id from bookings where paid')
    expect(rows).toEqual([{ id: 't-1' }])
  })

  test('receives a webhook, knows a repeat, refuses a forgery', async () => {
    const secret = exported['WEBHOOK_SECRET'] ?? ''
    const body = JSON.stringify({ event: 'job.completed' })
    const headers = standardHeaders(body, { id: 'evt_1', secret })
    expect((await ask('POST', '/webhooks/jobs', body, headers)).json).toEqual({ event: 'job.completed', first: true })
    expect((await ask('POST', '/webhooks/jobs', body, headers)).json).toEqual({ event: 'job.completed', first: false })
    const stale = standardHeaders(body, { secret, at: new Date(Date.now() - 600_000) })
    const others = standardHeaders(body, { secret: 'somebody-elses-secret' })
    for (const wrong of [{ ...headers, 'webhook-id': 'evt_2' }, stale, others, {}]) {
      expect((await ask('POST', '/webhooks/jobs', body, wrong)).status).toBe(401)
    }
  })
})
