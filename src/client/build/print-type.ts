import { isRecord } from '../json.ts'

/** What a schema is part of: its references lead into `whole`, and its titled parts are printed once, by title. */
interface Source {
  readonly whole: unknown
  /** The types printed so far, by title; without, every part is printed where it stands. */
  readonly named?: Map<string, string>
}

/** A JSON Schema (2020-12) as a TypeScript type. What it cannot say, such as a length, is left out; the unknown is `unknown`. */
export function printType(schema: unknown, source: Source = { whole: schema }): string {
  if (schema === false) return 'never'
  if (!isRecord(schema)) return 'unknown'
  const { title, ...untitled } = schema
  if (source.named !== undefined && typeof title === 'string') return printNamed(title, untitled, source.named, source)
  if (typeof schema['$ref'] === 'string') return printType(referred(schema['$ref'], source.whole), source)
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return united(schema['enum'].map(value => JSON.stringify(value)))
  for (const kind of ['anyOf', 'oneOf']) {
    const choices = schema[kind]
    if (Array.isArray(choices)) return united(choices.map(choice => printType(choice, source)))
  }
  if (Array.isArray(schema['allOf'])) return schema['allOf'].map(part => `(${printType(part, source)})`).join(' & ')
  const { type } = schema
  if (Array.isArray(type)) return united(type.map(one => printType({ ...schema, type: one }, source)))
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'string' || type === 'boolean' || type === 'null') return type
  if (type === 'array') return printArray(schema, source)
  if (type === 'object') return printObject(schema, source)
  return 'unknown'
}

/** The title stands for the type, wherever it is met again. Throws when two types have one title. */
function printNamed(title: string, schema: unknown, named: Map<string, string>, source: Source): string {
  const printed = printType(schema, source)
  const known = named.get(title)
  if (known !== undefined && known !== printed) throw new Error(`two different types have the title ${title}`)
  named.set(title, printed)
  return title
}

/** `about` as a doc comment on a line of its own; nothing for nothing. */
export function docComment(about: unknown): string {
  return typeof about === 'string' && about !== '' ? `/** ${about.replaceAll('*/', '* /')} */\n` : ''
}

function united(choices: readonly string[]): string {
  const different = [...new Set(choices)]
  return different.includes('unknown') ? 'unknown' : different.join(' | ')
}

function printArray(schema: Record<string, unknown>, source: Source): string {
  const { items, prefixItems } = schema
  if (Array.isArray(prefixItems)) return `readonly [${prefixItems.map(item => printType(item, source)).join(', ')}]`
  return `readonly (${printType(items, source)})[]`
}

function printObject(schema: Record<string, unknown>, source: Source): string {
  const { properties, required, additionalProperties } = schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const members = isRecord(properties) ? Object.entries(properties) : []
  if (members.length === 0) {
    if (additionalProperties === false) return 'Readonly<Record<string, never>>'
    return `Readonly<Record<string, ${printType(additionalProperties, source)}>>`
  }
  const lines = members.map(([name, inside]) => {
    const about = isRecord(inside) ? docComment(inside['description']) : ''
    return `${about}readonly ${JSON.stringify(name)}${needed.has(name) ? '' : '?'}: ${printType(inside, source)}`
  })
  return `{\n${lines.join('\n')}\n}`
}

function referred(pointer: string, whole: unknown): unknown {
  let found = whole
  for (const step of pointer.replace(/^#\/?/, '').split('/')) {
    if (step !== '') found = isRecord(found) ? found[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined
  }
  if (found === undefined || found === whole) throw new Error(`cannot print the reference ${pointer}`)
  return found
}
