import { duplicateMembers } from './duplicate-members.ts'
import { type FieldFault, Problem } from './problem.ts'
import { type Walked, walkJson } from './storable.ts'

/** A parsed body, and what is wrong with it although it is JSON. */
export interface StrictJson {
  readonly value: unknown
  /** Pointers into the body: names given twice, unsafe numbers, unstorable texts, nesting. */
  readonly faults: readonly FieldFault[]
}

/** JSON is UTF-8 (RFC 8259, 8.1); anything else throws. */
const utf8 = new TextDecoder('utf-8', { fatal: true })
const positionIn = / at position (\d+)/
/** The one way to write a colon that is not seen as one. */
const escapedColon = /\\u003a/i
const maxRepeated = 20

/**
 * Parses a body and looks for what JSON.parse lets pass. A name given twice leaves more colons in the text than members
 * and texts account for, so only a body that has one is read a second time. Throws bad-json without a word of the body.
 */
export function strictJson(bytes: Uint8Array): StrictJson {
  const { text, value } = parse(bytes)
  const walked = walkJson(value)
  if (isTooDeep(walked) || !mayRepeat(text, [walked])) return { value, faults: walked.faults }
  return { value, faults: [...duplicateMembers(text).slice(0, maxRepeated).map(repeated), ...walked.faults] }
}

/**
 * The same for each item of an array, with pointers into that: faults of one say nothing of another, and however many it
 * has hide no other's. Undefined when the body is no array of 1 to `maxItems`. Throws bad-json.
 */
export function strictItems(bytes: Uint8Array, maxItems: number): StrictJson[] | undefined {
  const { text, value } = parse(bytes)
  if (!Array.isArray(value) || value.length === 0 || value.length > maxItems) return undefined
  const items = value.map((item: unknown) => ({ value: item, walked: walkJson(item) }))
  const all = items.map(({ walked }) => walked)
  const repeats = Map.groupBy(mayRepeat(text, all) ? duplicateMembers(text) : [], pointer => itemOf(pointer).index)
  return items.map(({ value: item, walked }, index) => {
    const own = (repeats.get(index) ?? []).map(pointer => repeated(itemOf(pointer).inside))
    return { value: item, faults: [...own, ...walked.faults] }
  })
}

function isTooDeep({ faults }: Walked): boolean {
  return faults.some(({ rule }) => rule === 'too-deep')
}

function mayRepeat(text: string, walks: readonly Walked[]): boolean {
  const known = walks.reduce((sum, { members, colons }) => sum + members + colons, 0)
  return colonsIn(text) !== known || escapedColon.test(text)
}

function repeated(field: string): FieldFault {
  return { field, rule: 'repeated-field', message: 'this name is given twice in its object' }
}

/** A pointer into an array, as one into its item. */
function itemOf(pointer: string): { readonly index: number; readonly inside: string } {
  const [, index = '', inside = ''] = /^\/(\d+)(.*)$/s.exec(pointer) ?? []
  return { index: Number(index), inside }
}

function parse(bytes: Uint8Array): { readonly text: string; readonly value: unknown } {
  try {
    const text = utf8.decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch (error) {
    // V8's message may quote the body; of it only the place is told.
    const [, position] = positionIn.exec(error instanceof SyntaxError ? error.message : '') ?? []
    const place = position === undefined ? '' : `, at character ${position}`
    const detail = bytes.length === 0 ? 'the body is empty' : `the body is not valid JSON in UTF-8${place}`
    throw new Problem('bad-json', { detail })
  }
}

function colonsIn(text: string): number {
  let count = 0
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) count += 1
  return count
}
