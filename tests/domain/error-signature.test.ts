import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectDatabase, type Database } from '../../src/db/connect.ts'
import { errorSignature } from '../../src/domain/error-signature.ts'
import { createTestDatabase } from '../setup/database.ts'

let own: Awaited<ReturnType<typeof createTestDatabase>>
let database: Database

beforeAll(async () => {
  own = await createTestDatabase()
  database = connectDatabase(own.url)
})
afterAll(async () => {
  await database.close()
  await own.drop()
})

/** By TypeScript and by SQL, which must say the same: one writes what the other looks for. */
async function both(error: { name: string; code: string | null; message: string }): Promise<string> {
  const sql = { name: '', text: 'select hbnb_jobs.error_signature($1::jsonb) as signature' }
  const [row] = await database.run<{ signature: string }>(sql, [JSON.stringify(error)])
  expect(row?.signature).toBe(errorSignature(error))
  return errorSignature(error)
}

const of = (message: string, code: string | null = 'c') => both({ name: 'TypeError', code, message })

test.each([
  ['timed out after 30000 ms', 'c:timed out after # ms'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'c:connect ECONNREFUSED #.#.#.#:#'],
  ['no job 0198a1b2-7c3d-7000-8000-00000000abcd here', 'c:no job # here'],
  ['charge ch_3PqLkJ2eZv was refused', 'c:charge # was refused'],
  ['deadbeef0 and 0xff', 'c:# and #'],
  ['there is no user "Zoë Müller" at `home`', 'c:there is no user # at #'],
  ["can't read 'a b' of it's parent", "c:can't read # of it's parent"],
  ["'a' 'b'", 'c:# #'],
  ['« chambre bleue » est prise', 'c:# est prise'],
  ['line\r\n\tbroken', 'c:line broken'],
  ['réservé à 12€', 'c:réservé à #€'],
  ['', 'c:'],
])('%j has the signature %j', async (message, signature) => {
  expect(await of(message)).toBe(signature)
})

test('without a code the name stands for it', async () => {
  expect(await of('x is undefined', null)).toBe('TypeError:x is undefined')
})

test('a code keeps its digits', async () => {
  expect(await of('refused', 'twilio-21610')).toBe('twilio-21610:refused')
})

test('it is short, and never cut inside a character', async () => {
  expect(await of('😀'.repeat(300))).toBe(`c:${'😀'.repeat(118)}`)
})

test('odd texts mean the same to TypeScript and to SQL', async () => {
  const parts = [
    '"',
    "'",
    '`',
    '«',
    '»',
    'a',
    'Z',
    '7',
    '_',
    '-',
    ' ',
    '\n',
    'é',
    '٣',
    'ß',
    '\u00a0',
    '\\',
    '\v',
    '😀',
    '.',
    '#',
  ]
  let seed = 7
  const next = () => (seed = (seed * 48_271) % 2_147_483_647)
  for (let round = 0; round < 300; round++) {
    await of(Array.from({ length: 1 + (next() % 40) }, () => parts[next() % parts.length]).join(''))
  }
})
