import type { z } from 'zod'

/** Why a schedule was not taken; each is the caller's to mend. */
export type ScheduleRefusal =
  | 'invalid-definition'
  | 'unknown-job'
  | 'closed-job'
  | 'key-of-contract'
  | 'key-taken'
  | 'too-many'

/** A schedule that cannot be made, changed or removed as asked; the message is fit to be shown. */
export class ScheduleRefused extends Error {
  readonly code: ScheduleRefusal
  /** Which fields are wrong; empty unless `invalid-definition`. */
  readonly issues: readonly Pick<z.core.$ZodIssue, 'path' | 'message'>[]
  constructor(code: ScheduleRefusal, message: string, issues: ScheduleRefused['issues'] = []) {
    super(message)
    this.name = 'ScheduleRefused'
    this.code = code
    this.issues = issues
  }
}
