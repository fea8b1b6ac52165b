import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
    const text = await response.text()
    return {
      status: response.status,
      text,
      json: text.startsWith('{') ? z.looseObject({}).parse(JSON.parse(text)) : {},
    }
  }

  const jobsOf = async (entity: string): Promise<{ id: string; name: string }[]> =>
    (await database.query('select id, name from hbnb_jobs.jobs where entity = $1 order by id', [entity])).rows

  beforeAll(async () => {
    if ('missing' in python) throw new Error(python.missing)
    desk = await startDesk()
    exported = await desk.start('npm run dev')
    database = new Client({ connectionString: exported['DATABASE_URL'] })
    await database.connect()
    await database.query('create table bookings (id text primary key, paid boolean not null)')
    const blocks = await blocksOf('upstream/flask.md')
    const snippets = blocks.filter(({ language }) => language === 'python').map(({ text }) => text)
    expect(snippets.length).toBeGreaterThan(4)
    await writeFile(join(desk.folder, 'app.py'), snippets.join('\n'))
    await copyFile(join(desk.folder, 'docs/upstream/hbnb_jobs.py'), join(desk.folder, 'hbnb_jobs.py'))
    const port = await freePort()
    base = `http://127.0.0.1:${port}`
    flask = spawn(python.path, ['-m', 'flask', '--app', 'app', 'run', '--port', String(port)], {
      cwd: desk.folder,
      env: { PATH: process.env.PATH ?? '', ...python.env, ...exported },
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

  test.each(['guide', 'standard'])('signs an event (%s), and it is taken', async scheme => {
    const taken = await ask('POST', `/bookings/b-${scheme}/confirm?scheme=${scheme}`)
    expect(taken).toMatchObject({ status: 200, json: { status: 'accepted' } })
    await until('the event has its job', async () => (await jobsOf(`booking:b-${scheme}`)).length === 1)
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
