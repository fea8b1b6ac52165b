import { z } from 'zod'

/** A text that is looked for. */
export function searchText(maxChars: number) {
  return z
    .string()
    .min(1)
    .max(maxChars)
    .refine(value => value.isWellFormed() && !value.includes('\0'), 'must hold no NUL and no lone surrogate')
}

/** A bound of time. */
export const searchInstant = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 instant such as 2026-12-24T18:00:00Z' })
  .transform(value => new Date(value))

/** How many one page has at most. */
export function pageLimit(most: number, usual: number) {
  return z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be 1 to ${most}`)
    .transform(Number)
    .refine(limit => limit <= most, `must be 1 to ${most}`)
    .optional()
    .describe(`At most so many, 1 to ${most}; default ${usual}.`)
}
