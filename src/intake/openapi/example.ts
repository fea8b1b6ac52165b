import { z } from 'zod'

/** As much of a JSON Schema as an example is made from. */
const shape = z.looseObject({
  type: z.string().optional(),
  const: z.unknown().optional(),
  default: z.unknown().optional(),
  examples: z.array(z.unknown()).optional(),
  enum: z.array(z.unknown()).optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
})

const formats: Readonly<Record<string, string>> = {
  uuid: '00000000-0000-7000-8000-000000000000',
  'date-time': '2026-12-24T18:00:00Z',
  date: '2026-12-24',
  email: 'camille@example.com',
  uri: 'https://example.com/',
}
const maxDepth = 6

/** A value to begin with: the schema's own example, else its required fields, each with something of its type. */
export function exampleOf(schema: unknown, depth = 0): unknown {
  const { data } = shape.safeParse(schema)
  if (data === undefined || depth > maxDepth) return null
  if (data.examples?.[0] !== undefined) return data.examples[0]
  if (data.const !== undefined) return data.const
  if (data.default !== undefined) return data.default
  if (data.enum !== undefined) return data.enum[0]
  const [first] = data.anyOf ?? data.oneOf ?? []
  if (first !== undefined) return exampleOf(first, depth + 1)
  switch (data.type ?? 'anything') {
    case 'object':
      return Object.fromEntries(
        (data.required ?? []).map(name => [name, exampleOf(data.properties?.[name], depth + 1)] as const),
      )
    case 'array':
      return data.items === undefined ? [] : [exampleOf(data.items, depth + 1)]
    case 'integer':
    case 'number':
      return Math.max(data.minimum ?? 1, 1)
    case 'boolean':
      return false
    case 'string':
      return formats[data.format ?? ''] ?? '…'
    default:
      return {}
  }
}
