import { z } from 'zod'
import type { Catalog } from '../../queues/catalog.ts'

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

/** TypedDicts of the payloads that upstream apps may send, for Python 3.9: the generated part of `hbnb_jobs.py`. */
export function pythonTypes(catalog: Catalog): string {
  const open = [...catalog.values()].filter(contract => contract.open)
  const names = open.map(({ name }) => `"${name}"`).join(', ')
  const classes = open.flatMap(({ name, about, payload }) => {
    const schema = described.parse(z.toJSONSchema(payload, { io: 'input' }))
    return ['', '', ...typedDict(className(name), `Payload of ${name}. ${about}`, schema)]
  })
  return [`JobName = Literal[${names}]`, '"""Job types that are open to upstream apps."""', ...classes].join('\n')
}

/** Before Python 3.11 a TypedDict's optional fields need a class of their own. */
function typedDict(name: string, about: string, { properties = {}, required = [] }: Described): string[] {
  const fields = Object.entries(properties)
  const lines = (wanted: boolean) =>
    fields
      .filter(([field]) => required.includes(field) === wanted)
      .map(([field, schema]) => `    ${field}: ${typeOf(schema)}`)
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

/** `notifications.send` is `NotificationsSend`. */
function className(name: string): string {
  return name.replace(/(?:^|[.-])([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
