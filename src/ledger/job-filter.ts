import type { JobState } from './status.ts'

/** Which jobs: all that are given must hold. Nothing given means every job. */
export interface JobFilter {
  /** Undefined: everybody's. */
  readonly tenant?: string | undefined
  readonly name?: string | undefined
  /** Any of these. */
  readonly states?: readonly JobState[] | undefined
  /** How the signature of its error begins (`errorSignature`); of an open job, its last error. */
  readonly error?: string | undefined
  readonly entity?: string | undefined
  readonly tag?: string | undefined
  readonly batch?: string | undefined
  /** By the time in the id: when it was accepted; a child counts with its parent. */
  readonly since?: Date | undefined
  readonly until?: Date | undefined
}
