import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { connectDatabase } from '../../src/db/connect.ts'
import { createTestDatabase } from '../setup/database.ts'
import { testKey } from '../support/intake.ts'
import { until } from '../support/until.ts'

const main = join(import.meta.dirname, '../../src/intake/main.ts')

function start(env: Record<string, string>): {
  child: ChildProcessWithoutNullStreams
  said: () => string
  faults: () => string
} {
  const child = spawn(process.execPath, [main], { env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...env } })
  const [out, err]: [string[], string[]] = [[], []]
  child.stdout.on('data', chunk => out.push(String(chunk)))
  child.stderr.on('data', chunk => err.push(String(chunk)))
  return { child, said: () => out.join(''), faults: () => err.join('') }
}

const listeningLine = z.looseObject({ msg: z.literal('listening'), url: z.string() })

test('the process says where it listens; on SIGTERM it finishes the open request, says farewell and ends with 0', async () => {
  const own = await createTestDatabase()
  const { child, said } = start({ DATABASE_URL: own.url, PORT: '0', API_KEYS_BOOTSTRAP: testKey })
  const { knex, close } = connectDatabase(own.url, { poolMax: 2 })
  try {
    const url = await until('the listening line', () => {
      const lines = said()
        .split('\n')
        .filter(line => line.includes('"listening"'))
      return lines[0] === undefined ? undefined : listeningLine.parse(JSON.parse(lines[0])).url
    })
    await until('the process in the registry', () => knex('hbnb_jobs.processes').where({ kind: 'intake' }).first('id'))

    const body = '{"user_id":"u1","template":"booking-confirmation","booking_id":"42"}'
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    const answer: string[] = []
    socket.on('data', chunk => answer.push(String(chunk)))
    socket.write(
      'POST /v1/jobs/notifications.send HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n' +
        `expect: 100-continue\r\nauthorization: Bearer ${testKey}\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    await until('the request is open', () => answer.join('').includes('100 Continue'))
    child.kill('SIGTERM')
    await until('the process is draining', () => knex('hbnb_jobs.processes').whereNotNull('draining_at').first('id'))
    socket.write(body)
    const [code] = await once(child, 'exit')

    expect(answer.join('')).toContain('202 Accepted')
    expect(code).toBe(0)
    expect(await knex('hbnb_jobs.jobs').select('name')).toEqual([{ name: 'notifications.send' }])
    expect(await knex('hbnb_jobs.processes').whereNotNull('ended_at').select('kind')).toEqual([{ kind: 'intake' }])
  } finally {
    child.kill('SIGKILL')
    await close()
    await own.drop()
  }
})

test('faults of the configuration are told in one message, and the exit code is 1', async () => {
  const { child, faults } = start({ PORT: 'ninety', LOG_LEVEL: 'loud' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(faults()).toContain('PORT')
  expect(faults()).toContain('LOG_LEVEL')
  expect(faults()).not.toContain('    at ')
})

test('a secret that cannot be used stops the start without being told', async () => {
  const { child, faults } = start({ PORT: '0', WEBHOOK_SECRET: 'whsec_not*base64*at*all' })
  const [code] = await once(child, 'exit')
  expect(code).toBe(1)
  expect(faults()).toContain('WEBHOOK_SECRET')
  expect(faults()).not.toContain('base64*at')
})
