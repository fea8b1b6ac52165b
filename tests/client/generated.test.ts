import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCatalog } from '../../queues/catalog.ts'
import { printAnswers } from '../../src/client/build/print-answers.ts'
import { printJobTypes } from '../../src/client/build/print-job-types.ts'
import { printType } from '../../src/client/build/print-type.ts'
import { problems } from '../../src/intake/http/problem.ts'
import { startIntake, type TestIntake } from '../support/intake.ts'

const root = join(import.meta.dirname, '../..')

let intake: TestIntake
beforeAll(async () => {
  intake = await startIntake()
})
afterAll(() => intake.close())

/** As `npm run check` wants every file. */
function formatted(path: string, text: string): string {
  const biome = join(root, 'node_modules/.bin/biome')
  return execFileSync(biome, ['format', `--stdin-file-path=${path}`], { cwd: root, input: text, encoding: 'utf8' })
}

test('job-types.ts is what the contracts say (vitest run -u writes it anew)', async () => {
  const text = formatted('src/client/job-types.ts', printJobTypes(await loadCatalog()))
  await expect(text).toMatchFileSnapshot('../../src/client/job-types.ts')
})

test('answers.ts is what the description of the API says (vitest run -u writes it anew)', async () => {
  const { json } = await intake.send('GET', '/openapi.json')
  await expect(formatted('src/client/answers.ts', printAnswers(json, problems))).toMatchFileSnapshot(
    '../../src/client/answers.ts',
  )
})

test.each([
  [{ type: 'string' }, 'string'],
  [{ enum: ['a', 1, null] }, '"a" | 1 | null'],
  [{ anyOf: [{ type: 'integer' }, { type: 'number' }, { type: 'null' }] }, 'number | null'],
  [{ type: ['string', 'null'] }, 'string | null'],
  [{ type: 'array', items: { type: 'array', items: {} } }, 'readonly (readonly (unknown)[])[]'],
  [{ type: 'array', prefixItems: [{ const: 'x' }, false] }, 'readonly ["x", never]'],
  [{ type: 'object', additionalProperties: { type: 'boolean' } }, 'Readonly<Record<string, boolean>>'],
  [{ type: 'object', properties: {}, additionalProperties: false }, 'Readonly<Record<string, never>>'],
  [
    { type: 'object', properties: { a: { description: 'one', type: 'number' }, b: true }, required: ['a'] },
    '{\n/** one */\nreadonly "a": number\nreadonly "b"?: unknown\n}',
  ],
  [{ $ref: '#/$defs/one', $defs: { one: { type: 'null' } } }, 'null'],
  [{ allOf: [{ type: 'string' }, {}] }, '(string) & (unknown)'],
  [{ not: {} }, 'unknown'],
])('prints %j', (schema, type) => {
  expect(printType(schema)).toBe(type)
})

test('a reference to nowhere, or to everything, is refused', () => {
  expect(() => printType({ $ref: '#/$defs/absent' })).toThrow('#/$defs/absent')
  expect(() => printType({ $ref: '#' })).toThrow('#')
})

test('a part with a title is printed once, by its title', () => {
  const named = new Map<string, string>()
  const state = { title: 'State', enum: ['on', 'off'] }
  const whole = { anyOf: [{ type: 'array', items: state }, state, { type: 'null' }] }
  expect(printType(whole, { whole, named })).toBe('readonly (State)[] | State | null')
  expect([...named]).toEqual([['State', '"on" | "off"']])
  const other = { title: 'State', type: 'string' }
  expect(() => printType(other, { whole: other, named })).toThrow('State')
})
