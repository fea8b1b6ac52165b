import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { loadCatalog } from '../../queues/catalog.ts'
import emailSend from '../../queues/email/send.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { endAs, givenOpen } from '../operators/given-job.ts'
import { until } from '../support/until.ts'
import { openCliWorld } from './cli-world.ts'
import { commandLine } from './command-line.ts'
import { auditOf, givenDead } from './given-dead.ts'

const { url, database, jobs } = await openCliWorld()

const mail = (entity: string | null = null) => givenOpen(database, emailSend, { delivery_id: newJobId() }, { entity })
const note = { user_id: 'user-7', template: 'booking-confirmation', booking_id: '42' }
const made = z.object({ id: z.uuid(), replayed: z.boolean() })

describe('enqueue', () => {
  const name = 'notifications.send'

  test('makes a job with its options, from an argument, and says who did', async () => {
    const args = ['--entity', 'booking:42', '--tag', 'a', '--tag', 'b', '--priority', '2', '--run-at', '10m']
    const { code, out } = await jobs(
      'enqueue',
      name,
      JSON.stringify(note),
      ...args,
      '--json',
      '--by',
      'ada@hbnb.example',
    )
    const { id } = made.parse(JSON.parse(out))
    const row = await database.knex('hbnb_jobs.jobs').where({ id }).first()
    expect([code, row]).toMatchObject([0, { name, payload: note, entity: 'booking:42', tags: ['a', 'b'], priority: 2 }])
    expect(row.run_at.getTime() - Date.now()).toBeGreaterThan(540_000)
    expect(await auditOf(database, 'job.enqueue')).toContainEqual({
      actor: 'ada@hbnb.example',
      target: `job:${id}`,
      detail: { name },
      origin: 'cli',
    })
  })

  test('under a key makes one, also from standard input', async () => {
    const piped = commandLine(url, { input: JSON.stringify(note) })
    const first = made.parse(JSON.parse((await piped('enqueue', name, '-', '--key', 'k-1', '--json')).out))
    const second = made.parse(JSON.parse((await piped('enqueue', name, '-', '--key', 'k-1', '--json')).out))
    expect([first.replayed, second]).toEqual([false, { id: first.id, replayed: true }])
    const other = await jobs('enqueue', name, JSON.stringify({ ...note, booking_id: '43' }), '--key', 'k-1')
    expect(other).toMatchObject({ code: 1, complaint: expect.stringContaining('used for another job') })
  })

  test('a dry run writes nothing; --wait tells how it ended', async () => {
    const before = await database.knex('hbnb_jobs.jobs').count()
    expect(await jobs('enqueue', name, JSON.stringify(note), '--dry-run')).toMatchObject({ code: 0 })
    expect(await database.knex('hbnb_jobs.jobs').count()).toEqual(before)
    const waiting = jobs('enqueue', name, JSON.stringify(note), '--wait', '20', '--entity', 'booking:wait')
    const job = await until('it is accepted', () =>
      database.knex('hbnb_jobs.jobs').where({ entity: 'booking:wait' }).first<{ id: string } | undefined>('id'),
    )
    await endAs(database, job.id, 'failed')
    expect(await waiting).toMatchObject({
      code: 1,
      out: expect.stringContaining('failed'),
      complaint: 'It is failed.\n',
    })
  })

  test.each([
    [['notifications.sned', '{}'], 1, 'did you mean notifications.send'],
    [['email.send', '{}'], 1, 'only made by other jobs'],
    [[name, '{'], 2, 'is not JSON'],
    [[name, '[]'], 2, 'must be a JSON object'],
    [[name, '{"user_id":"7","user_id":"8"}'], 1, '/user_id: this name is given twice'],
    [[name, '@/does/not/exist'], 1, 'cannot be read'],
    [[name, '{"user_id":"7"}'], 1, '  template: '],
    [[name, JSON.stringify({ ...note, user_id: 'a\0' })], 1, 'NUL'],
    [[name, JSON.stringify(note), '--priority', '10'], 2, '--priority must be 1 (first) to 9'],
    [[name, JSON.stringify(note), '--run-at', 'soon'], 2, 'in how long'],
    [[name, JSON.stringify(note), '--entity', 'nothing'], 2, 'must read <kind>:<id>'],
    [[name, JSON.stringify(note), '--key', 'a b'], 2, 'visible ASCII'],
    [[name, JSON.stringify(note), '--batch', newJobId()], 1, 'the batch is closed'],
  ])('%j is refused', async (args, code, words) => {
    const answer = await jobs('enqueue', ...args)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.complaint).toContain(words)
  })
})

describe('retry and cancel', () => {
  test('act on each job, say what was not done, and are audited', async () => {
    const [open, dead, done] = [await mail(), await mail(), await mail()]
    await endAs(database, dead, 'failed')
    await endAs(database, done, 'completed')
    const retried = await jobs('retry', dead, done, open)
    expect(retried).toMatchObject({ code: 1, complaint: '2 of 3 not retried.\n' })
    expect(retried.out).toContain(`${dead}  begins anew`)
    expect(retried.out).toContain(`${done}  not retried: it has completed`)
    const cancelled = await jobs('cancel', open, done)
    expect(cancelled).toMatchObject({ code: 1, complaint: '1 of 2 not cancelled.\n' })
    expect(await database.knex('hbnb_jobs.job_outcomes').where({ id: open }).first()).toMatchObject({
      outcome: 'cancelled',
      reason: 'cancelled by an operator',
    })
    expect((await auditOf(database, 'job.retry')).map(({ target }) => target)).toEqual([`job:${dead}`])
    expect((await auditOf(database, 'job.cancel')).map(({ target }) => target)).toEqual([`job:${open}`])
    expect((await auditOf(database, 'job.retry'))[0]?.actor).toMatch(/^cli:./)
  })
})

describe('pause and resume', () => {
  test('say who and why, also for a domain', async () => {
    const ofDomain = [...(await loadCatalog()).keys()].filter(name => name.startsWith('email.'))
    expect(ofDomain).toContain('email.send')
    const { code } = await jobs('pause', 'email.*', '--reason', 'the provider is down', '--by', 'ada@hbnb.example')
    const paused = await database.knex('hbnb_jobs.queue_settings').whereNotNull('paused_at').orderBy('name')
    expect([code, paused.map(row => [row.name, row.paused_by, row.paused_reason])]).toEqual([
      0,
      ofDomain.map(name => [name, 'ada@hbnb.example', 'the provider is down']),
    ])
    expect((await jobs('top')).out).toMatch(/email\.send .*paused by ada@hbnb\.example: the provider is down/)
    expect((await jobs('resume', '--all')).out).toBe(`Resumed: ${ofDomain.join(', ')}.\n`)
    expect((await jobs('resume', '--all')).out).toBe('Nothing was paused.\n')
    expect((await auditOf(database, 'queue.pause')).length).toBe(ofDomain.length)
  })

  test('are told afterwards too: who, when and why', async () => {
    await jobs('pause', 'push.send', '--reason', 'a look', '--by', 'ada@hbnb.example')
    await jobs('resume', 'push.send', '--by', 'grace@hbnb.example')
    const told = await jobs('audit', '--target', 'queue:push.send')
    expect(told.code).toBe(0)
    expect(told.out).toMatch(
      /grace@hbnb\.example +queue\.resume +queue:push\.send[\s\S]*ada@hbnb\.example +queue\.pause.*a look/,
    )
    expect((await jobs('audit', '--target', 'queue:sms.send')).out).toBe('Nobody has changed queue:sms.send.\n')
    expect(await jobs('audit', '--target', 'sms.send')).toMatchObject({ code: 2, out: '' })
  })

  test.each([
    [['pause'], 2, 'name the queues, or --all'],
    [['pause', 'email.sned'], 1, 'did you mean'],
    [['pause', 'nothing.*'], 1, 'no job type in'],
    [['resume', 'email.send', '--all'], 2, 'either name queues'],
  ])('%j is refused', async (args, code, words) => {
    const answer = await jobs(...args)
    expect(answer).toMatchObject({ code, out: '' })
    expect(answer.complaint).toContain(words)
  })
})

test('list finds by state, error and entity, page by page', async () => {
  const ids = [await mail('booking:list'), await mail('booking:list'), await mail('booking:list')]
  await endAs(database, ids[1] ?? '', 'failed')
  const page = z.object({ jobs: z.array(z.object({ id: z.string(), state: z.string() })), next: z.string().nullable() })
  const read = async (...args: string[]) => page.parse(JSON.parse((await jobs('list', ...args, '--json')).out))
  const first = await read('--entity', 'booking:list', '--limit', '2')
  expect(first.jobs.map(({ id }) => id)).toEqual([ids[2], ids[1]])
  const second = await read('--entity', 'booking:list', '--limit', '2', '--before', first.next ?? '')
  expect(second).toMatchObject({ jobs: [{ id: ids[0] }], next: null })
  expect((await read('--entity', 'booking:list', '--state', 'failed', '--error', 'mail-')).jobs).toEqual([
    expect.objectContaining({ id: ids[1], state: 'failed' }),
  ])
  expect((await jobs('list', '--entity', 'booking:list')).out).toMatch(/^ID +JOB +STATE /)
  expect(await jobs('list', '--state', 'dead')).toMatchObject({ code: 2, out: '' })
})

test('drain waits until a queue is empty', async () => {
  const id = await givenOpen(database, emailSend, { delivery_id: newJobId() })
  expect(await jobs('drain', 'email.send', '--timeout', '0s')).toMatchObject({ code: 1, complaint: 'Not empty yet.\n' })
  const running = jobs('drain', 'email.send')
  for (const row of await database.knex('hbnb_jobs.job_live').where({ name: 'email.send' }))
    await endAs(database, row.id, 'completed')
  expect(await running).toMatchObject({ code: 0, out: 'Empty: email.send.\n' })
  expect(await database.knex('hbnb_jobs.job_live').where({ id })).toEqual([])
  await jobs('pause', 'email.send')
  expect(await jobs('drain', 'email.send')).toMatchObject({
    code: 1,
    complaint: expect.stringContaining('never empty'),
  })
  expect(await jobs('drain', '--process', '77')).toMatchObject({ code: 1 })
})

test('top counts what waits and what is dead', async () => {
  const moment = z.object({ queues: z.array(z.object({ name: z.string(), waiting: z.int(), failed: z.int() })) })
  await mail()
  await endAs(database, await mail(), 'failed')
  const { queues } = moment.parse(JSON.parse((await jobs('top', '--json')).out))
  const line = queues.find(({ name }) => name === 'email.send')
  expect(line?.waiting).toBeGreaterThan(0)
  expect(line?.failed).toBeGreaterThan(0)
})

test('an error of somebody else cannot steer the terminal of who reads it', async () => {
  const [id = ''] = await givenDead(database, {
    name: 'email.send',
    count: 1,
    message: 'no \u001B[2J\u001B]0;owned\u0007 good',
  })
  const { code, out } = await jobs('show', id)
  expect(code).toBe(0)
  expect(out).toContain('no \uFFFD[2J\uFFFD]0;owned\uFFFD good')
  expect(out).not.toMatch(/(?![\n\t])\p{Cc}/u)
})
