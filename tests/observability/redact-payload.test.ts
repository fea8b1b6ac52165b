import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { markedFields, maskFor, redactPayload } from '../../src/observability/redact-payload.ts'

const schema = z.strictObject({
  booking_id: z.string(),
  nickname: z.string().meta({ pii: true }),
  door: z.object({ code: z.string().meta({ secret: true }), floor: z.int() }).optional(),
  guests: z.array(z.object({ alias: z.string().meta({ pii: true }) })).default([]),
  place: z.union([z.object({ lat: z.number().meta({ pii: true }) }), z.object({ city: z.string() })]).optional(),
})
const planted = {
  booking_id: '42',
  nickname: 'Zoé-la-Rousse',
  door: { code: '7391', floor: 2 },
  guests: [{ alias: 'Le Grand Jacques' }],
  place: { lat: 48.8566 },
  email: 'zoe@example.org',
}
const values = ['Zoé-la-Rousse', '7391', 'Le Grand Jacques', '48.8566', 'zoe@example.org']

describe('a payload as people may see it', () => {
  it('finds marked fields at any depth, in arrays, options and unions', () => {
    expect([...markedFields(schema)].toSorted()).toEqual(['alias', 'code', 'lat', 'nickname'])
    expect(markedFields(z.object({ booking_id: z.string() })).size).toBe(0)
  })

  it('finds marks on what may be null, on items, on values under free names and behind an id', () => {
    const marked = z.string().meta({ pii: true })
    const shape = z.object({
      nullable: marked.nullable(),
      list: z.array(marked),
      either: z.union([marked, z.number()]),
      named: z.record(z.string(), marked),
      pair: z.tuple([z.int(), marked]),
      known: z.string().meta({ pii: true, id: 'KnownAlias' }),
      free: z.array(z.string()).nullable(),
    })
    const found = [...markedFields(shape)].toSorted()
    expect(found).toEqual(['either', 'known', 'list', 'named', 'nullable', 'pair'])
  })

  it('has no value of a marked field, nor of one named like personal data', () => {
    const shown = redactPayload(schema, planted)
    for (const value of values) expect(JSON.stringify(shown)).not.toContain(value)
    expect(shown).toMatchObject({ booking_id: '42', nickname: '[redacted]', door: { code: '[redacted]', floor: 2 } })
  })
})

describe('texts', () => {
  it('lose the values of marked fields wherever somebody put them', () => {
    const mask = maskFor(schema, planted)
    const text = `no door for Zoé-la-Rousse (7391) nor Le Grand Jacques at 48.8566, booking 42`
    expect(mask?.(text)).toBe('no door for [redacted] ([redacted]) nor [redacted] at [redacted], booking 42')
  })

  it('are left alone where nothing is marked or a value is too short to be looked for', () => {
    expect(maskFor(z.object({ booking_id: z.string() }), planted)).toBeUndefined()
    expect(maskFor(schema, { booking_id: '42', nickname: 'Zo' })).toBeUndefined()
  })
})
