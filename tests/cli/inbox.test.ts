import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { givenInboxEvent } from '../support/given-inbox.ts'
import { openCliWorld } from './cli-world.ts'
import { auditOf } from './given-dead.ts'

const page = z.object({ events: z.array(z.looseObject({ id: z.uuid() })), next: z.string().nullable() })
const planted = 'camille.planted@example.com'

const { database, jobs } = await openCliWorld()

const listed = async (...args: string[]) => page.parse(JSON.parse((await jobs('inbox', 'list', ...args, '--json')).out))

describe('inbox list', () => {
  test('finds events, newest first, and goes on where it ended', async () => {
    const entity = 'booking:list'
    const first = await givenInboxEvent(database, { state: 'processed', entity, atMs: Date.now() - 3_600_000 })
    const second = await givenInboxEvent(database, { state: 'failed', entity, reason: 'the stay is unknown' })
    expect((await listed('--entity', entity)).events.map(({ id }) => id)).toEqual([second.id, first.id])
    const { events, next } = await listed('--entity', entity, '--limit', '1')
    expect([events.length, next]).toEqual([1, second.id])
    expect((await listed('--entity', entity, '--before', second.id)).events.map(({ id }) => id)).toEqual([first.id])
    expect((await listed('--entity', entity, '--since', '30m', '--source', 'booking')).events).toHaveLength(1)
    const { out } = await jobs('inbox', 'list', '--entity', entity, '--state', 'failed')
    expect(out).toMatch(
      /^ID +SOURCE +TYPE .*\n\S+ +booking +booking\.confirmed +booking:list +failed .*the stay is unknown\n$/,
    )
    expect(await jobs('inbox', '--json')).toMatchObject({ code: 0 })
  })

  test('shows what others wrote on its own line, and lets nothing of it steer the terminal', async () => {
    const reason = 'no\n0199a5f0 forged\r\u001b[2Jand\u009b2J\u007f'
    await givenInboxEvent(database, { state: 'failed', entity: 'booking:steered', reason })
    const text = await jobs('inbox', 'list', '--entity', 'booking:steered')
    expect(text.out.trimEnd().split('\n')).toHaveLength(2)
    const json = await jobs('inbox', 'list', '--entity', 'booking:steered', '--json')
    for (const { out } of [text, json]) expect(out).not.toMatch(/[^\P{Cc}\n]/u)
    expect(page.parse(JSON.parse(json.out)).events).toMatchObject([{ reason }])
  })

  test.each([
    [['--state', 'lost'], '--state takes one of waiting, processed, ignored, failed'],
    [['--source', 'nobody'], '--source takes one of booking'],
    [['--before', '7'], '--before takes an id'],
    [['--since', 'yesterday'], '--since takes an instant'],
  ])('%j is not understood', async (args, words) => {
    const answer = await jobs('inbox', 'list', ...args)
    expect(answer).toMatchObject({ code: 2, out: '' })
    expect(answer.complaint).toContain(words)
  })
})

describe('inbox show', () => {
  test('tells how an event stands, its body without personal data, and its jobs', async () => {
    const body = {
      event: 'user.updated',
      user_id: '7',
      data: { version: 4, email: planted, country: 'FR' },
      note: planted,
    }
    const of = { source: 'user', type: 'user.updated', entity: 'user:7', state: 'processed', body } as const
    const { id, jobId } = await givenInboxEvent(database, of)
    const text = await jobs('inbox', 'show', id)
    const json = await jobs('inbox', 'show', id, '--json')
    for (const { code, out } of [text, json]) {
      expect([code, out.includes('planted')]).toEqual([0, false])
      expect(out).toContain('"country": "FR"')
      expect(out).toContain(jobId)
    }
    expect(text.out).toMatch(/^user\.updated\n {2}state +processed\n/)
    expect((await jobs('inbox', 'list', '--entity', 'user:7', '--json')).out).not.toContain('planted')
  })

  test('says what it does not know', async () => {
    expect(await jobs('inbox', 'show', '7')).toMatchObject({ code: 2, out: '' })
    expect(await jobs('inbox', 'show', '0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e')).toMatchObject({ code: 1, out: '' })
  })
})

describe('inbox replay', () => {
  test('of one event makes a job and says so in the audit log', async () => {
    const { id } = await givenInboxEvent(database, { state: 'failed', entity: 'booking:one' })
    const { code, out } = await jobs('inbox', 'replay', id, '--by', 'ada@hbnb.example', '--json')
    expect(code).toBe(0)
    const { job_id } = z.object({ job_id: z.uuid() }).parse(JSON.parse(out))
    expect(await database.knex('hbnb_jobs.jobs').where({ id: job_id }).first()).toMatchObject({
      payload: { inbox_id: id },
    })
    expect((await auditOf(database, 'inbox.replay')).at(-1)).toMatchObject({
      actor: 'ada@hbnb.example',
      target: `inbox:${id}`,
      detail: { job: job_id },
    })
    expect(await jobs('inbox', 'replay', id)).toMatchObject({
      code: 1,
      complaint: 'not replayed: still being reacted to\n',
    })
  })

  test('of many is counted first', async () => {
    const entity = 'booking:many'
    for (let count = 0; count < 6; count++) await givenInboxEvent(database, { state: 'failed', entity })
    await givenInboxEvent(database, { state: 'ignored', entity, type: 'booking.moved' })
    const dry = await jobs('inbox', 'replay', '--entity', entity, '--dry-run')
    expect(dry.out).toMatch(
      /^7 event\(s\) match, 6 to be replayed\.\n1 left as they are: nothing reacts.*\nSuch as (\S+ ?){5}\nNothing was changed\.\n$/,
    )
    const before = (await auditOf(database, 'inbox.replay')).length
    expect((await listed('--entity', entity, '--state', 'failed')).events).toHaveLength(6)
    const { out } = await jobs('inbox', 'replay', '--entity', entity, '--json')
    expect(JSON.parse(out)).toMatchObject({ dry_run: false, matching: 7, replayed: 6, left: { 'nothing-reacts': 1 } })
    expect((await listed('--entity', entity, '--state', 'waiting')).events).toHaveLength(6)
    const notes = await auditOf(database, 'inbox.replay')
    expect(notes).toHaveLength(before + 1)
    expect(notes.at(-1)).toMatchObject({ target: 'inbox:*', detail: { entity, replayed: 6, matching: 7 } })
  })

  test.each([
    [[], 'say which events: an id, or --source'],
    [['--dry-run'], 'say which events'],
    [['0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', '--type', 'x'], 'leave out --type'],
    [['7'], 'not an id of the inbox'],
  ])('%j is not understood', async (args, words) => {
    const answer = await jobs('inbox', 'replay', ...args)
    expect(answer).toMatchObject({ code: 2, out: '' })
    expect(answer.complaint).toContain(words)
  })
})
