import { isRecord } from '../json.ts'

/** A JSON Schema (2020-12) as a TypeScript type. What it cannot say, such as a length, is left out; the unknown is `unknown`. */
export function printType(schema: unknown, whole: unknown = schema): string {
  if (schema === false) return 'never'
  if (!isRecord(schema)) return 'unknown'
  if (typeof schema['$ref'] === 'string') return printType(referred(schema['$ref'], whole), whole)
  if ('const' in schema) return JSON.stringify(schema['const'])
  if (Array.isArray(schema['enum'])) return united(schema['enum'].map(value => JSON.stringify(value)))
  for (const kind of ['anyOf', 'oneOf']) {
    const choices = schema[kind]
    if (Array.isArray(choices)) return united(choices.map(choice => printType(choice, whole)))
  }
  if (Array.isArray(schema['allOf'])) return schema['allOf'].map(part => `(${printType(part, whole)})`).join(' & ')
  const { type } = schema
  if (Array.isArray(type)) return united(type.map(one => printType({ ...schema, type: one }, whole)))
  if (type === 'integer' || type === 'number') return 'number'
  if (type === 'string' || type === 'boolean' || type === 'null') return type
  if (type === 'array') return printArray(schema, whole)
  if (type === 'object') return printObject(schema, whole)
  return 'unknown'
}

/** `about` as a doc comment on a line of its own; nothing for nothing. */
export function docComment(about: unknown): string {
  return typeof about === 'string' && about !== '' ? `/** ${about.replaceAll('*/', '* /')} */\n` : ''
}

function united(choices: readonly string[]): string {
  const different = [...new Set(choices)]
  return different.includes('unknown') ? 'unknown' : different.join(' | ')
}

function printArray(schema: Record<string, unknown>, whole: unknown): string {
  const { items, prefixItems } = schema
  if (Array.isArray(prefixItems)) return `readonly [${prefixItems.map(item => printType(item, whole)).join(', ')}]`
  return `readonly (${printType(items, whole)})[]`
}

function printObject(schema: Record<string, unknown>, whole: unknown): string {
  const { properties, required, additionalProperties } = schema
  const needed = new Set(Array.isArray(required) ? required : [])
  const members = isRecord(properties) ? Object.entries(properties) : []
  if (members.length === 0) {
    if (additionalProperties === false) return 'Readonly<Record<string, never>>'
    return `Readonly<Record<string, ${printType(additionalProperties, whole)}>>`
  }
  const lines = members.map(([name, inside]) => {
    const about = isRecord(inside) ? docComment(inside['description']) : ''
    return `${about}readonly ${JSON.stringify(name)}${needed.has(name) ? '' : '?'}: ${printType(inside, whole)}`
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
