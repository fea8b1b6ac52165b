import { createServer } from 'node:http'
import { connect } from 'node:net'
import sendgrid from '@sendgrid/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { z } from 'zod'
import { connectDatabase } from '../../src/db/connect.ts'
import { PermanentError } from '../../src/errors.ts'
import { keptLog } from './kept-log.ts'

const person = 'chloe@example.org'

function logged(error: unknown): Record<string, unknown> | undefined {
  const { log, lines } = keptLog()
  log.error({ err: error }, 'failed')
  return lines[0]
}

function thrownBy(act: () => unknown): unknown {
  try {
    return act()
  } catch (error) {
    return error
  }
}

test('an error of ours keeps name, code, message, stack and cause', () => {
  const line = logged(new PermanentError('no-address', 'the person has no address', { cause: new Error('inner') }))
  expect(line).toMatchObject({
    msg: 'failed',
    err: {
      name: 'PermanentError',
      code: 'no-address',
      message: 'the person has no address',
      stack: expect.stringContaining('error-record.test.ts'),
      cause: { name: 'Error', message: 'inner' },
    },
  })
})

test('an error alone is written like one with a message, and anything thrown is written', () => {
  const { log, lines } = keptLog()
  log.error(new PermanentError('no-address', 'the person has no address'))
  log.error({ err: 'a text' }, 'failed')
  log.error({ err: undefined }, 'failed')
  expect(lines).toMatchObject([
    { msg: 'the person has no address', err: { code: 'no-address' } },
    { msg: 'failed', err: 'a text' },
    { msg: 'failed' },
  ])
})

test('a chain of causes without end is cut', () => {
  const error = new Error('round')
  error.cause = error
  expect(JSON.stringify(logged(error)).match(/"round"/g)?.length).toBeLessThan(10)
})

describe('an error of a provider', () => {
  const server = createServer((_request, answer) => {
    answer.writeHead(400, person, { 'content-type': 'application/json', 'x-to': person })
    answer.end(JSON.stringify({ errors: [{ message: `${person} is not valid` }] }))
  })
  beforeAll(() => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void server.close())

  test('loses message, answer and request', async () => {
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('the server does not listen')
    const baseUrl = `http://127.0.0.1:${address.port}/`
    const request = { method: 'POST', url: '/v3/mail/send', body: { to: person }, baseUrl } as const
    const refusal: unknown = await sendgrid.request(request).catch((error: unknown) => error)
    expect(String(refusal) + JSON.stringify(refusal)).toContain(person)
    const line = logged(refusal)
    expect(line).toMatchObject({
      err: { code: 400, message: expect.stringContaining('withheld'), stack: expect.stringContaining('@sendgrid') },
    })
    expect(JSON.stringify(line)).not.toContain(person)

    const { log, lines } = keptLog()
    log.error(refusal)
    log.child({ refusal }).warn({ cause: new Error('ours', { cause: refusal }) }, 'x')
    expect(JSON.stringify(lines)).not.toContain(person)
  })
})

test('an error of the database keeps what names ours and masks what it quotes', async () => {
  const database = connectDatabase(inject('postgresUrl'), { poolMax: 1 })
  try {
    const text = 'select $1::text::date'
    const faults: unknown[] = [
      await database.run({ name: 'to-date', text }, [person]).catch((error: unknown) => error),
      await database.knex.raw('select ?::text::date', [person]).catch((error: unknown) => error),
    ]
    for (const fault of faults) {
      expect(String(fault)).toContain(person)
      const line = logged(fault)
      expect(line).toMatchObject({ err: { code: '22007', message: expect.stringContaining('invalid input syntax') } })
      expect(JSON.stringify(line)).not.toContain(person)
    }
  } finally {
    await database.close()
  }
})

test('an error of the system says what was refused', async () => {
  const refused = await new Promise<Error>(resolve => connect({ port: 1, host: '127.0.0.1' }).once('error', resolve))
  expect(logged(refused)).toMatchObject({
    err: { code: 'ECONNREFUSED', syscall: 'connect', message: 'connect ECONNREFUSED 127.0.0.1:1' },
  })
})

test('an error of the language or a library does not quote what it read', () => {
  const faults = [
    thrownBy(() => JSON.parse(person)),
    thrownBy(() => BigInt(person)),
    thrownBy(() => z.object({ a: z.array(z.enum([person])) }).parse({ a: ['x'] })),
  ]
  for (const fault of faults) {
    expect(String(fault)).toContain('chloe')
    expect(JSON.stringify(logged(fault))).not.toContain('chloe')
  }
  expect(logged(faults[2])).toMatchObject({ err: { message: 'not valid: a.0 (invalid_value)' } })
})
