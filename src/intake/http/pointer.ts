import type { z } from 'zod'
import type { FieldFault } from './problem.ts'

const maxFaults = 50
const maxSegmentChars = 100

/** A JSON pointer (RFC 6901) to a place in a body. The whole body is ''. */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path
    .map(segment => String(segment).slice(0, maxSegmentChars))
    .map(segment => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

/** zod's issues as faults that name each field. `value` is what was checked, to tell missing from wrong. */
export function fieldFaults(issues: readonly z.core.$ZodIssue[], value: unknown): FieldFault[] {
  return issues
    .flatMap(issue => {
      if (issue.code === 'unrecognized_keys') {
        const rule = 'unknown-field'
        return issue.keys.map(key => ({
          field: pointerTo([...issue.path, key]),
          rule,
          message: 'this field is not known',
        }))
      }
      const field = pointerTo(issue.path)
      if (isMissing(value, issue.path)) return [{ field, rule: 'required', message: 'this field is required' }]
      return [{ field, rule: issue.code.replaceAll('_', '-'), message: issue.message }]
    })
    .slice(0, maxFaults)
}

function isMissing(value: unknown, path: readonly PropertyKey[]): boolean {
  let found: unknown = value
  for (const segment of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, segment)) return true
    found = Reflect.get(found, segment)
  }
  return false
}
