import { z } from 'zod'
import type { Random } from '../chaos/random.ts'

/** As much of a JSON Schema as values are made from. */
const shape = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
})

/** Texts that break what trusts them. */
const oddTexts = [
  '',
  ' ',
  '0',
  '-1',
  '1e400',
  'null',
  '\0',
  'a\0b',
  '\ud800',
  '\u202e',
  '👩‍🔧',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  "'; drop table jobs; --",
  '%',
  '{"a":1}',
  'x'.repeat(3_000),
  '2026-02-30T25:61:61Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'booking:42',
  'wait=1',
  '00000000-0000-7000-8000-000000000000',
]
/** JSON that no JavaScript value prints as. */
const oddJson = [
  '1e400',
  '-0',
  '9007199254740993',
  '1'.repeat(400),
  '{"a":1,"a":2}',
  '"\\ud800"',
  '"\\u0000"',
  `${'['.repeat(40)}${']'.repeat(40)}`,
  '['.repeat(20_000),
  '{"__proto__":{"x":1}}',
  'NaN',
  '',
  ' ',
  '\ufeff{}',
  '{} {}',
  '[]',
  'null',
  'true',
]

/** Makes values that fit a schema, and others that do not. */
export function generator({ next: random }: Pick<Random, 'next'>) {
  const pick = <T>(from: readonly T[], otherwise: T): T => from[Math.floor(random() * from.length)] ?? otherwise
  const text = (): string => pick(oddTexts, '')

  function fitting(schema: unknown, depth = 0): unknown {
    const { data } = shape.safeParse(schema)
    if (data === undefined || depth > 5) return text()
    if (data.const !== undefined) return data.const
    if (data.enum !== undefined) return pick(data.enum, null)
    const choices = data.anyOf ?? data.oneOf
    if (choices !== undefined) return fitting(pick(choices, {}), depth + 1)
    switch (data.type?.toString() ?? 'anything') {
      case 'object':
        return Object.fromEntries(
          Object.entries(data.properties ?? {})
            .filter(([name]) => (data.required?.includes(name) ?? false) || random() < 0.5)
            .map(([name, inside]) => [name, fitting(inside, depth + 1)]),
        )
      case 'array':
        return Array.from({ length: Math.floor(random() * 4) }, () => fitting(data.items, depth + 1))
      case 'integer':
      case 'number':
        return Math.floor(random() * 100) - 2
      case 'boolean':
        return random() < 0.5
      case 'string':
        return fittingText(data.format)
      default:
        return text()
    }
  }

  function fittingText(format: string | undefined): string {
    if (format === 'uuid') return '00000000-0000-7000-8000-000000000000'
    if (format === 'date-time') return new Date(Date.now() + random() * 1e10).toISOString()
    return random() < 0.7 ? `t${Math.floor(random() * 1_000)}` : text()
  }

  /** One thing in it is wrong. */
  function spoilt(value: unknown): unknown {
    if (Array.isArray(value) && value.length > 0) return value.map((item, at) => (at === 0 ? spoilt(item) : item))
    if (typeof value === 'object' && value !== null && random() < 0.8) {
      const entries = Object.entries(value)
      const [name] = pick(entries, ['nobody_knows_this', null])
      return random() < 0.5 ? { ...value, [text()]: text() } : { ...value, [name]: spoilt(Reflect.get(value, name)) }
    }
    return pick<unknown>([null, true, [], {}, -1, 1.5, 1e300, text()], null)
  }

  return {
    pick,
    text,
    chance: (share: number) => random() < share,
    fitting,
    /** A body for a schema, or made from a good one: as it should be, with something wrong, or no JSON of this world. */
    body: (schema: unknown, good: string | undefined): string => {
      if (random() < 0.2) return pick(oddJson, '')
      const value: unknown = good !== undefined && random() < 0.4 ? JSON.parse(good) : fitting(schema)
      return JSON.stringify(random() < 0.5 ? value : spoilt(value))
    },
  }
}
