import { z } from 'zod'

/** The part of JSON Schema that zod writes for payloads. */
const described = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  get items() {
    return described.optional()
  },
  get anyOf() {
    return z.array(described).optional()
  },
  get properties() {
    return z.record(z.string(), described).optional()
  },
  required: z.array(z.string()).optional(),
})
type Described = z.output<typeof described>

const plain: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
  object: 'Dict[str, Any]',
}

/**
 * A TypedDict of Python 3.9 for what a schema takes. Before Python 3.11 its optional fields need a class of their own.
 */
export function typedDict(name: string, about: string, schema: z.ZodType): string[] {
  const { properties = {}, required = [] } = described.parse(z.toJSONSchema(schema, { io: 'input' }))
  const fields = Object.entries(properties)
  const lines = (wanted: boolean) =>
    fields
      .filter(([field]) => required.includes(field) === wanted)
      .map(([field, one]) => `    ${field}: ${typeOf(one)}`)
  const [must, may] = [lines(true), lines(false)]
  if (may.length === 0) return [`class ${name}(TypedDict):`, `    """${about}"""`, ...must]
  if (must.length === 0) return [`class ${name}(TypedDict, total=False):`, `    """${about}"""`, ...may]
  return [
    `class _${name}(TypedDict):`,
    ...must,
    '',
    '',
    `class ${name}(_${name}, total=False):`,
    `    """${about}"""`,
    ...may,
  ]
}

function typeOf(schema: Described): string {
  const { type = '', enum: choices, items, anyOf } = schema
  if ('const' in schema) return `Literal[${pythonValue(schema.const)}]`
  if (choices) return `Literal[${choices.map(pythonValue).join(', ')}]`
  if (anyOf) return `Union[${anyOf.map(typeOf).join(', ')}]`
  if (Array.isArray(type)) return `Union[${type.map(one => typeOf({ ...schema, type: one })).join(', ')}]`
  if (type === 'array') return `List[${items ? typeOf(items) : 'Any'}]`
  return plain[type] ?? 'Any'
}

function pythonValue(value: unknown): string {
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}
