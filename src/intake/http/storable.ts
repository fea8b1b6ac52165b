import { pointerTo } from './pointer.ts'
import type { FieldFault } from './problem.ts'

const maxDepth = 32
const maxFaults = 20

/**
 * What Postgres would refuse to keep as jsonb: NUL and lone surrogates in any text or name, and nesting beyond reason.
 * Refused at the door, because one such row makes a whole batch fail (docs: protocol, section 5).
 */
export function storableFaults(value: unknown): FieldFault[] {
  const faults: FieldFault[] = []
  const waiting: { value: unknown; path: readonly PropertyKey[] }[] = [{ value, path: [] }]
  for (let next = waiting.pop(); next !== undefined && faults.length < maxFaults; next = waiting.pop()) {
    const { value: found, path } = next
    if (typeof found === 'string' && !isStorableText(found)) faults.push(unstorable(path))
    if (typeof found !== 'object' || found === null) continue
    if (path.length >= maxDepth) {
      return [
        { field: pointerTo(path.slice(0, 1)), rule: 'too-deep', message: `nested more than ${maxDepth} levels deep` },
      ]
    }
    for (const [name, inside] of Object.entries(found)) {
      if (!isStorableText(name)) faults.push(unstorable([...path, name]))
      waiting.push({ value: inside, path: [...path, name] })
    }
  }
  return faults
}

/** Whether Postgres can keep a text: no NUL, no lone surrogate. */
function isStorableText(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

function unstorable(path: readonly PropertyKey[]): FieldFault {
  return { field: pointerTo(path), rule: 'unstorable-text', message: 'holds a NUL or a lone surrogate' }
}
