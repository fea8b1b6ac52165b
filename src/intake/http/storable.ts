import { pointerTo } from './pointer.ts'
import type { FieldFault } from './problem.ts'

const maxDepth = 32
const maxFaults = 20

/** What a walk over parsed JSON found. */
export interface Walked {
  readonly faults: readonly FieldFault[]
  /** Members of all objects. */
  readonly members: number
  /** Colons inside texts and names. */
  readonly colons: number
}

/**
 * What Postgres would refuse to keep as jsonb: NUL and lone surrogates in any text or name, and nesting beyond reason; and
 * numbers that a double does not hold. Refused at the door: one such row makes a whole batch fail (docs: protocol,
 * section 5), and a number that was changed on its way is worse than none.
 */
export function storableFaults(value: unknown): readonly FieldFault[] {
  return walkJson(value).faults
}

/** Looks at every value once. Its faults are at most {@link maxFaults}; one that is nested too deep ends the walk. */
export function walkJson(root: unknown): Walked {
  const faults: FieldFault[] = []
  /** Names and places down to where the walk is: the first `depth` of them, the others are left from elsewhere. */
  const path: PropertyKey[] = []
  let depth = 0
  let members = 0
  let colons = 0

  function note(rule: string, message: string): void {
    if (faults.length < maxFaults) faults.push({ field: pointerTo(path.slice(0, depth)), rule, message })
  }
  function text(found: string): void {
    if (!found.isWellFormed() || found.includes('\0')) note('unstorable-text', 'holds a NUL or a lone surrogate')
    for (let at = found.indexOf(':'); at >= 0; at = found.indexOf(':', at + 1)) colons += 1
  }
  /** False once the walk is over. */
  function look(found: unknown): boolean {
    if (typeof found === 'string') text(found)
    else if (typeof found === 'number') {
      if (!Number.isFinite(found) || (Number.isInteger(found) && !Number.isSafeInteger(found))) {
        note('unsafe-number', 'is beyond what a double holds exactly: send it as a text')
      }
    } else if (typeof found === 'object' && found !== null) {
      if (depth >= maxDepth) {
        depth = 1
        faults.length = 0
        note('too-deep', `nested more than ${maxDepth} levels deep`)
        return false
      }
      return inside(found)
    }
    return true
  }
  function inside(found: object): boolean {
    const here = depth
    depth += 1
    if (Array.isArray(found)) {
      for (let index = 0; index < found.length; index += 1) {
        path[here] = index
        if (!look(found[index])) return false
      }
    } else {
      // Not by Object.entries(): its pairs took half the time of the walk.
      for (const name of Object.keys(found)) {
        members += 1
        path[here] = name
        if (!look(Reflect.get(found, name))) return false
        text(name)
      }
    }
    depth = here
    return true
  }

  look(root)
  return { faults, members, colons }
}
