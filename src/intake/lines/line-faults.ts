import { Problem } from '../http/problem.ts'

const blanks = new Set([0x20, 0x09, 0x0d])

/** Whether a line holds nothing; such lines are passed over. */
export function blankLine(bytes: Buffer): boolean {
  return bytes.every(byte => blanks.has(byte))
}

/** Always throws. */
export function lineTooLong(limitBytes: number): never {
  throw new Problem('body-too-large', { detail: 'the line is too long', limit_bytes: limitBytes })
}

/** The request is over before its lines are. */
export function bodyTooLarge(limitBytes: number, lastLine: number): Problem {
  return new Problem('body-too-large', {
    detail: `send what stands behind line ${lastLine} in another request`,
    limit_bytes: limitBytes,
  })
}
