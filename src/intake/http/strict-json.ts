import { duplicateMembers } from './duplicate-members.ts'
import { type FieldFault, Problem } from './problem.ts'
import { walkJson } from './storable.ts'

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

/**
 * Parses a body and looks for what JSON.parse lets pass. A name given twice leaves more colons in the text than members
 * and texts account for, so only a body that has one is read a second time. Throws bad-json without a word of the body.
 */
export function strictJson(bytes: Uint8Array): StrictJson {
  const { text, value } = parse(bytes)
  const { faults, members, colons } = walkJson(value)
  const isTooDeep = faults.some(({ rule }) => rule === 'too-deep')
  if (isTooDeep || (colonsIn(text) === members + colons && !escapedColon.test(text))) return { value, faults }
  const repeated = duplicateMembers(text).map(field => ({
    field,
    rule: 'repeated-field',
    message: 'this name is given twice in its object',
  }))
  return { value, faults: [...repeated, ...faults] }
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
