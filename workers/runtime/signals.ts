/** Reasons on a job's AbortSignal, and errors of the runtime's own that processors let pass. */

/** The contract's `timeoutMs` is over. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** This process is shutting down: the job is handed back and costs no attempt. */
export class Draining extends Error {
  override readonly name = 'Draining'
}

/** Another run holds this job now, or it was ended: whatever this runner does must not count. */
export class Superseded extends Error {
  override readonly name = 'Superseded'
}

/** Somebody asked to cancel this job before its effect was sent. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled'
}

/** An effect's outcome is not known yet: the job sleeps for `delayMs` or until evidence comes. */
export class Park extends Error {
  override readonly name = 'Park'
  readonly delayMs: number
  constructor(message: string, delayMs: number) {
    super(message)
    this.delayMs = delayMs
  }
}

/** Tells BullMQ to keep this copy and start it again after `delayMs`. */
export class RetryInQueue extends Error {
  override readonly name = 'RetryInQueue'
  readonly delayMs: number
  constructor(message: string, delayMs: number) {
    super(message)
    this.delayMs = delayMs
  }
}
