import { parse, stringify } from 'uuid'
import { z } from 'zod'

const idBytes = 16

/** Where a list of jobs goes on, as the caller hands it back: read, it is the id of the last job shown. */
export const cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/, 'must be the next_cursor of the page before')
  .transform((text, context) => {
    const bytes = Buffer.from(text, 'base64url')
    if (bytes.length === idBytes && bytes.toString('base64url') === text) {
      try {
        return stringify(bytes)
      } catch {
        // Sixteen bytes that are no id: made up.
      }
    }
    context.addIssue({ code: 'custom', message: 'must be the next_cursor of the page before' })
    return z.NEVER
  })

/** The cursor after a job. */
export function cursorOf(id: string): string {
  return Buffer.from(parse(id)).toString('base64url')
}
