import { hash } from 'node:crypto'
import { type EntityKind, entityKinds } from '../domain/platform/kinds.ts'

const formChars = 8
/** Of each kind, which fields we know: a release that knows more must not take what it could not keep for kept. */
const forms = new Map<EntityKind, string>()

/**
 * The form of a kind and sha256 in hex of an entity of it as it was checked, `<form>:<sha256>`. Not of its text: the order
 * of members and the way in which an instant is written (`Z`, `+00:00`) differ from one sender to the next, and are no
 * other content.
 */
export function digestOf(kind: EntityKind, entity: object): string {
  return `${formOf(kind)}:${hash('sha256', JSON.stringify(entity, inOneOrder))}`
}

/** Whether two digests were made by the same fields, so that they can be compared. SQL has it as {@link sameFormSql}. */
export function areOfOneForm(one: string, other: string): boolean {
  return one.split(':', 1)[0] === other.split(':', 1)[0]
}

/** {@link areOfOneForm} of two columns. */
export function sameFormSql(one: string, other: string): string {
  return `split_part(${one}, ':', 1) = split_part(${other}, ':', 1)`
}

function formOf(kind: EntityKind): string {
  const names = Object.keys(entityKinds[kind].shape).toSorted().join()
  const form = forms.get(kind) ?? hash('sha256', names).slice(0, formChars)
  forms.set(kind, form)
  return form
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?\d\d)$/

function inOneOrder(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return instant.test(value) ? sameInstant(value) : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function sameInstant(text: string): string {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? text : new Date(ms).toISOString()
}
