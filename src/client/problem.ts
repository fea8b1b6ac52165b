import type { ProblemCode } from './answers.ts'
import { isRecord } from './json.ts'

/** One refused field: an RFC 6901 pointer into the body, or the name of a query option. */
export interface FieldFault {
  readonly field: string
  readonly rule: string
  readonly message: string
}

/** A refusal as the service words it (RFC 9457): members beside these depend on the problem. */
export interface ProblemBody {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail?: string
  readonly instance?: string
  readonly errors?: readonly FieldFault[]
  readonly [extension: string]: unknown
}

/** `unexpected-answer`: what answered was not the service, such as a proxy's error page. Newer services may know more. */
export type Code = ProblemCode | 'unexpected-answer' | (string & {})

/** The service refused. Look at `code`, which is stable; texts may change. */
export class JobsProblem extends Error {
  override readonly name = 'JobsProblem'
  readonly code: Code
  readonly status: number
  /** Each refused field; empty when the fault is not in a field. */
  readonly errors: readonly FieldFault[]
  /** Everything that was answered. */
  readonly body: ProblemBody
  /** How long the service asked us to stay away; null when it did not say. */
  readonly retryAfterMs: number | null
  /** The key the call was made under: a repeat with it can never make a second job. */
  readonly idempotencyKey: string | undefined

  constructor(
    body: ProblemBody,
    { retryAfterMs = null, idempotencyKey }: { retryAfterMs?: number | null; idempotencyKey?: string | undefined } = {},
  ) {
    const faults = body.errors ?? []
    const said = body.detail ?? (faults.map(({ field, message }) => `${field} ${message}`).join('; ') || undefined)
    super(said === undefined ? body.title : `${body.title}: ${said}`)
    this.code = codeOf(body)
    this.status = body.status
    this.errors = faults
    this.body = body
    this.retryAfterMs = retryAfterMs
    this.idempotencyKey = idempotencyKey
  }
}

/** No answer came before the deadline, or the connection broke. The service may have done what was asked. */
export class JobsUnreachable extends Error {
  override readonly name = 'JobsUnreachable'
  /** The key the call was made under: a repeat with it can never make a second job. */
  readonly idempotencyKey: string | undefined

  constructor(message: string, { cause, idempotencyKey }: { cause?: unknown; idempotencyKey?: string | undefined }) {
    super(message, { cause })
    this.idempotencyKey = idempotencyKey
  }
}

/** The stable word of a problem: the last part of its type. */
function codeOf({ type }: ProblemBody): Code {
  return type.slice(type.lastIndexOf('/') + 1)
}

/** The problem in an answer's body; what is no problem+json is `unexpected-answer`. */
export function problemBodyOf(status: number, body: unknown): ProblemBody {
  if (isRecord(body) && typeof body['type'] === 'string' && typeof body['title'] === 'string') {
    const { type, title, detail, instance, errors, ...rest } = body
    return {
      ...rest,
      type,
      title,
      status,
      ...(typeof detail === 'string' ? { detail } : {}),
      ...(typeof instance === 'string' ? { instance } : {}),
      ...(Array.isArray(errors) ? { errors: errors.filter(isFieldFault) } : {}),
    }
  }
  return { type: '/problems/unexpected-answer', title: `The answer ${status} is not one of the service`, status }
}

function isFieldFault(fault: unknown): fault is FieldFault {
  return isRecord(fault) && ['field', 'rule', 'message'].every(member => typeof fault[member] === 'string')
}
