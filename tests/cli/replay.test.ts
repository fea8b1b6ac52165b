import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { givenEffect } from '../operators/given-job.ts'
import { until } from '../support/until.ts'
import { openCliWorld } from './cli-world.ts'
import { commandLine } from './command-line.ts'
import { auditOf, givenDead, liveAmong } from './given-dead.ts'

const replayFacts = z.object({
  id: z.uuid(),
  state: z.string(),
  retried: z.int(),
  total: z.int(),
  skipped: z.record(z.string(), z.int()),
  kept_effects: z.int(),
})
const groups = z.array(
  z.object({ name: z.string(), error: z.string(), count: z.int(), quarantined: z.int(), sample_id: z.uuid() }),
)

/** A process of its own may take long to start where many do. */
const startsWithinMs = 60_000
const slow = { timeout: 120_000 }

const { url, database, jobs } = await openCliWorld()

const dead = async (...args: string[]) => groups.parse(JSON.parse((await jobs('dead', ...args, '--json')).out))
const replayed = (out: string) => replayFacts.parse(JSON.parse(out))
const listed = async () => z.array(replayFacts).parse(JSON.parse((await jobs('replays', '--json')).out))

/** The command line as a process of its own. */
function asProcess(...args: string[]) {
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const env = { ...process.env, NODE_ENV: 'test', DATABASE_URL: url }
  const child = spawn(process.execPath, [main, ...args], { env })
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
  const closed = new Promise<unknown>(resolve => child.once('close', resolve))
  return {
    async end(signal: NodeJS.Signals) {
      child.kill(signal)
      return { code: await closed, complaint }
    },
  }
}

describe('dead', () => {
  test('groups by type and error, the most frequent first, and leaves cancelled jobs out', async () => {
    const ids = await givenDead(database, { name: 'dead.groups', count: 7 })
    await givenDead(database, { name: 'dead.groups', count: 2, code: 'other', outcome: 'quarantined' })
    await givenDead(database, { name: 'dead.groups', count: 9, outcome: 'cancelled' })
    expect(await dead('--name', 'dead.groups')).toEqual([
      expect.objectContaining({
        error: 'twilio-503:answered # for #',
        count: 7,
        quarantined: 0,
        sample_id: ids.at(-1),
      }),
      expect.objectContaining({ error: 'other:answered # for #', count: 2, quarantined: 2 }),
    ])
    const { out } = await jobs('dead', '--name', 'dead.groups', '--error', 'twilio-')
    expect(out).toMatch(/^JOB +COUNT +FIRST .*ERROR\ndead\.groups +7 .*twilio-503:answered # for #\n\nNext: /)
  })

  test('tells when it happened, and what to write when that is not understood', async () => {
    await givenDead(database, { name: 'dead.times', count: 1, agoMs: 3_600_000 })
    expect(await dead('--name', 'dead.times', '--since', '30m')).toEqual([])
    expect(await dead('--name', 'dead.times', '--since', '2h')).toHaveLength(1)
    expect(await dead('--name', 'dead.times', '--since', '2h', '--until', '90m')).toEqual([])
    expect(await jobs('dead', '--since', 'yesterday')).toMatchObject({ code: 2, out: '' })
  })
})

describe('replay', () => {
  test('a dry run counts and changes nothing', async () => {
    const ids = await givenDead(database, { name: 'replay.dry', count: 12 })
    const { code, out } = await jobs('replay', '--name', 'replay.dry', '--dry-run')
    expect(code).toBe(0)
    expect(out).toMatch(
      /^12 dead job\(s\) match: replay\.dry\.\n12 to be retried, such as .*\nNothing was changed\.\n$/,
    )
    expect(await liveAmong(database, ids)).toBe(0)
    expect((await listed()).length).toBe(0)
  })

  test('retries what matches by type, error and time, once, and says so in the audit log', async () => {
    const wanted = await givenDead(database, { name: 'replay.some', count: 30 })
    const others = [
      ...(await givenDead(database, { name: 'replay.some', count: 3, code: 'no-address' })),
      ...(await givenDead(database, { name: 'replay.some', count: 3, agoMs: 7_200_000 })),
      ...(await givenDead(database, { name: 'replay.some', count: 3, outcome: 'cancelled' })),
      ...(await givenDead(database, { name: 'replay.other', count: 3 })),
    ]
    const asked = ['--name', 'replay.some', '--error', 'twilio-503:', '--since', '1h']
    const { code, out } = await jobs('replay', ...asked, '--rate', '1000', '--by', 'ada@hbnb.example', '--json')
    expect([code, replayed(out)]).toMatchObject([0, { state: 'done', total: 30, retried: 30, skipped: {} }])
    expect([await liveAmong(database, wanted), await liveAmong(database, others)]).toEqual([30, 0])
    const target = `replay:${replayed(out).id}`
    expect((await auditOf(database, 'replay.start')).at(-1)).toMatchObject({
      actor: 'ada@hbnb.example',
      target,
      origin: 'cli',
      detail: { name: 'replay.some', error: 'twilio-503:', rate: 1000, matching: 30 },
    })
    expect((await auditOf(database, 'replay.end')).at(-1)).toMatchObject({ target, detail: { retried: 30 } })
    const again = await jobs('replay', ...asked)
    expect(again).toMatchObject({ code: 0, out: expect.stringMatching(/^0 dead job\(s\) match/) })
  })

  test('says what it leaves, and which effects are not repeated', async () => {
    const [known = '', unknown = '', partly = ''] = await givenDead(database, { name: 'replay.effects', count: 3 })
    const expiresAt = new Date(Date.now() - 1_000)
    await givenDead(database, { name: 'replay.effects', count: 2, expiresAt })
    await givenEffect(database, known, 'mail', 'accepted')
    await givenEffect(database, unknown, 'mail', 'unknown')
    await givenEffect(database, partly, 'device:1', 'unknown')
    await givenEffect(database, partly, 'device:2', 'rejected')
    await givenEffect(database, partly, 'device:3', 'accepted')
    const dry = await jobs('replay', '--name', 'replay.effects', '--dry-run')
    expect(dry.out).toContain('2 to be retried')
    expect(dry.out).toContain('2 left as they are: their time is over')
    expect(dry.out).toContain('1 left as they are: it is not known whether their effect took place')
    expect(dry.out).toContain('2 effect(s) of these jobs took place before: they are not repeated.')
    const { out } = await jobs('replay', '--name', 'replay.effects', '--rate', '1000')
    expect(out).toMatch(/Replay \S+ is done: 2 of 5 retried/)
    expect(await liveAmong(database, [known, unknown, partly])).toBe(2)
    const states = await database.knex('hbnb_jobs.effects').whereIn('job_id', [known, partly]).orderBy('key')
    expect(states.map(({ key, state }) => [key, state])).toEqual([
      ['device:1', 'unknown'],
      ['device:2', 'reserved'],
      ['device:3', 'accepted'],
      ['mail', 'accepted'],
    ])
  })

  test('keeps to its rate', async () => {
    await givenDead(database, { name: 'replay.rate', count: 30 })
    const started = performance.now()
    await jobs('replay', '--name', 'replay.rate', '--rate', '20')
    // Steps of ten at 20 a second: the third begins a second after the first.
    expect(performance.now() - started).toBeGreaterThan(990)
  })

  test('stops at Ctrl-C with what it has done, and goes on from there', async () => {
    const ids = await givenDead(database, { name: 'replay.stop', count: 40 })
    const controller = new AbortController()
    const person = commandLine(url, { interrupted: controller.signal })
    const running = person('replay', '--name', 'replay.stop', '--rate', '20')
    await until('the first are retried', async () => (await liveAmong(database, ids)) > 0)
    controller.abort()
    const stopped = await running
    expect(stopped.code).toBe(1)
    const [, id = ''] = /replay --resume (\S+)/.exec(stopped.complaint) ?? []
    const before = await liveAmong(database, ids)
    expect(before).toBeLessThan(40)
    // One that was retried died again: it is not this replay's any more.
    const [again = ''] = ids
    await database.knex('hbnb_jobs.job_live').where({ id: again }).delete()
    await database.knex('hbnb_jobs.job_outcomes').insert({ id: again, outcome: 'failed', attempts: 3 })
    const { code, out } = await jobs('replay', '--resume', id, '--json')
    expect([code, replayed(out)]).toMatchObject([0, { id, state: 'done', retried: 40, total: 40 }])
    expect(await liveAmong(database, ids)).toBe(39)
    expect(await jobs('replay', '--resume', id)).toMatchObject({ code: 1, out: '' })
  })

  test('killed, it goes on without a repeat and without a gap', slow, async () => {
    const ids = await givenDead(database, { name: 'replay.kill', count: 200 })
    const child = asProcess('replay', '--name', 'replay.kill', '--rate', '50')
    await until('the first are retried', async () => (await liveAmong(database, ids)) > 0, startsWithinMs)
    await child.end('SIGKILL')
    const [left] = await listed()
    expect(left).toMatchObject({ state: 'running', total: 200 })
    await database.knex('hbnb_jobs.replays').where({ id: left?.id }).update({ rate_per_second: 10_000 })
    const both = await Promise.all([1, 2].map(() => jobs('replay', '--resume', left?.id ?? '', '--json')))
    expect(both.filter(({ code }) => code === 0).length).toBeGreaterThan(0)
    expect((await listed())[0]).toMatchObject({ state: 'done', retried: 200, skipped: {} })
    const lives = await database.knex('hbnb_jobs.job_attempts').whereIn('job_id', ids)
    expect([await liveAmong(database, ids), lives.length]).toEqual([200, 200])
  })

  test('as a process obeys Ctrl-C, and says how to go on', slow, async () => {
    const ids = await givenDead(database, { name: 'replay.sigint', count: 200 })
    const child = asProcess('replay', '--name', 'replay.sigint', '--rate', '10')
    await until('the first are retried', async () => (await liveAmong(database, ids)) > 0, startsWithinMs)
    expect(await child.end('SIGINT')).toEqual({
      code: 1,
      complaint: expect.stringMatching(/^Stopped\. Go on with: .* --resume /),
    })
    expect((await listed())[0]).toMatchObject({ state: 'stopped', total: 200 })
  })

  test('can be stopped by somebody else', async () => {
    const ids = await givenDead(database, { name: 'replay.other-stop', count: 40 })
    const running = jobs('replay', '--name', 'replay.other-stop', '--rate', '10', '--json')
    await until('the first are retried', async () => (await liveAmong(database, ids)) > 0)
    const [{ id } = { id: '' }] = await listed()
    expect(await jobs('replay', '--stop', id)).toMatchObject({ code: 0 })
    expect(await running).toMatchObject({ code: 1, complaint: expect.stringContaining('--resume') })
    expect(await jobs('replay', '--stop', id)).toMatchObject({ code: 1 })
  })

  test.each([
    [[], '--all'],
    [['--all', '--rate', '0'], '--rate takes a whole number'],
    [['--resume', '7'], 'the id that "replays" shows'],
    [['--resume', '0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', '--name', 'x'], 'leave out --name'],
  ])('%j is not understood', async (args, words) => {
    const answer = await jobs('replay', ...args)
    expect(answer).toMatchObject({ code: 2, out: '' })
    expect(answer.complaint).toContain(words)
  })
})
