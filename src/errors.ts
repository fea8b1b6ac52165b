/**
 * The closed set of outcomes a processor may end with, besides returning its result.
 * Each is thrown where the fact is known; the runtime alone decides what follows (docs: protocol, "Outcomes").
 */

/** Returned, not thrown: the world moved on, or the work was done before. Finishes the job. */
export class Skipped {
  readonly reason: string
  constructor(reason: string) {
    this.reason = reason
  }
}

/** Base of all thrown outcomes: a stable kebab-case `code` for machines, a sentence for people. */
abstract class Outcome extends Error {
  readonly code: string
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
  }
}

/** Repeating cannot help: dead letter at once. In an effect: the provider refused, state `rejected`. */
export class PermanentError extends Outcome {}

/** Surely not acted on, may work later: backoff. In an effect the row returns to `reserved`. */
export class TemporaryError extends Outcome {}

/** May have been acted on (timeout after send, reset, 5xx): effect `unknown`, job `parked`, never a blind repeat. */
export class Ambiguous extends Outcome {}

/** Our own credentials or account were refused. Costs no attempt; people are alerted. */
export class ConfigError extends Outcome {}

/** Our own Postgres or Redis failed. The job is handed back and costs no attempt. */
export class InfrastructureError extends Outcome {}

/** A provider says wait. Costs no attempt. `retryAfterMs` is capped at one hour by the runtime. */
export class ProviderBusy extends Outcome {
  readonly retryAfterMs: number
  constructor(code: string, message: string, retryAfterMs: number, options?: ErrorOptions) {
    super(code, message, options)
    this.retryAfterMs = retryAfterMs
  }
}

/** This job is early: it goes back to the ledger until `until`. Costs no attempt. */
export class NotYet extends Outcome {
  readonly until: Date
  constructor(code: string, message: string, until: Date) {
    super(code, message)
    this.until = until
  }
}
