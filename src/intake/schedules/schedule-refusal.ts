import type { ScheduleRefused } from '../../ledger/schedules/schedule-refused.ts'
import { pointerTo } from '../http/pointer.ts'
import { Problem, type ProblemCode } from '../http/problem.ts'

const codes = {
  'invalid-definition': 'invalid-schedule',
  'unknown-job': 'unknown-job',
  'closed-job': 'closed-job',
  'key-of-contract': 'schedule-of-contract',
  'key-taken': 'schedule-key-taken',
  'too-many': 'too-many-schedules',
} as const satisfies Record<ScheduleRefused['code'], ProblemCode>

/** A refused schedule as it is answered: each field by its place in the body. */
export function scheduleRefusal({ code, message, issues }: ScheduleRefused): Problem {
  const errors = issues.map(issue => ({ field: pointerTo(issue.path), rule: 'invalid', message: issue.message }))
  return new Problem(codes[code], { detail: message, ...(errors.length > 0 ? { errors } : {}) })
}
