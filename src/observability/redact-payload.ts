import { z } from 'zod'
import { redactFields } from './redact.ts'

/** Shorter values are parts of too many words to be looked for in texts. */
const shortestMaskedChars = 3
const redacted = '[redacted]'
const maxDepth = 6

const known = new WeakMap<z.ZodType, ReadonlySet<string>>()

/**
 * Names of the fields that a payload's schema marks as personal data or secret: `z.string().meta({ pii: true })` or
 * `{ secret: true }`, at any depth. Read off once per schema.
 */
export function markedFields(schema: z.ZodType): ReadonlySet<string> {
  const seen = known.get(schema)
  if (seen) return seen
  const names = fieldsWhere(schema, isMarked)
  known.set(schema, names)
  return names
}

/** Names of all fields that a schema has, at any depth. */
export function fieldNames(schema: z.ZodType): ReadonlySet<string> {
  return fieldsWhere(schema, () => true)
}

type Wanted = (field: unknown, root: object) => boolean

function fieldsWhere(schema: z.ZodType, isWanted: Wanted): Set<string> {
  const names = new Set<string>()
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  collect(root, root, names, isWanted)
  return names
}

function collect(node: unknown, root: object, names: Set<string>, isWanted: Wanted): void {
  if (typeof node !== 'object' || node === null) return
  const properties: unknown = Reflect.get(node, 'properties')
  if (typeof properties === 'object' && properties !== null) {
    for (const [name, field] of Object.entries(properties)) if (isWanted(field, root)) names.add(name)
  }
  for (const part of Object.values(node)) collect(part, root, names, isWanted)
}

/** What a field's value is made of without a name of its own: its alternatives, its items, and the values under free names. */
const unnamedParts = ['anyOf', 'oneOf', 'allOf', 'items', 'prefixItems', 'additionalProperties']

function isMarked(field: unknown, root: object, seen: ReadonlySet<unknown> = new Set()): boolean {
  if (typeof field !== 'object' || field === null || seen.has(field)) return false
  if (Reflect.get(field, 'pii') === true || Reflect.get(field, 'secret') === true) return true
  const inside = [...unnamedParts.map((part): unknown => Reflect.get(field, part)).flat(), referredTo(field, root)]
  return inside.some(part => isMarked(part, root, new Set([...seen, field])))
}

/** A schema that has an id, or contains itself, is written down once: `#/$defs/<name>`. */
function referredTo(field: object, root: object): unknown {
  const to: unknown = Reflect.get(field, '$ref')
  if (typeof to !== 'string' || !to.startsWith('#/')) return undefined
  return to
    .slice(2)
    .split('/')
    .reduce<unknown>(
      (node, step) => (typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined),
      root,
    )
}

/** A payload as people may see it: without what its schema marks, and without what is named like personal data. */
export function redactPayload(schema: z.ZodType, payload: object): Record<string, unknown> {
  return redactFields(without(payload, markedFields(schema)) ?? {})
}

function without(value: object, names: ReadonlySet<string>, depth?: number): object
function without(value: unknown, names: ReadonlySet<string>, depth?: number): unknown
function without(value: unknown, names: ReadonlySet<string>, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || names.size === 0) return value
  if (depth > maxDepth) return redacted
  if (Array.isArray(value)) return value.map(item => without(item, names, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, names.has(name) ? redacted : without(part, names, depth + 1)]),
  )
}

/** A text without what must not be kept. */
export type Mask = (text: string) => string

/**
 * Takes the values of marked fields out of texts, wherever a processor or an error message has put them. Undefined for
 * payloads without any, which are nearly all.
 */
export function maskFor(schema: z.ZodType, payload: unknown): Mask | undefined {
  const names = markedFields(schema)
  if (names.size === 0) return undefined
  const values = [...new Set(valuesUnder(payload, names, false))]
    .filter(value => value.length >= shortestMaskedChars)
    .toSorted((a, b) => b.length - a.length)
  if (values.length === 0) return undefined
  return text => values.reduce((masked, value) => masked.replaceAll(value, redacted), text)
}

function valuesUnder(value: unknown, names: ReadonlySet<string>, isInside: boolean, depth = 0): string[] {
  if (typeof value === 'string' || typeof value === 'number') return isInside ? [String(value)] : []
  if (typeof value !== 'object' || value === null || depth > maxDepth) return []
  return Object.entries(value).flatMap(([name, part]) =>
    valuesUnder(part, names, isInside || names.has(name), depth + 1),
  )
}
