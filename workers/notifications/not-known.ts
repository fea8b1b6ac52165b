import { isDeleted } from '../../src/db/entity-status.ts'
import { nextLook } from '../../src/domain/unknown-entity.ts'
import { NotYet, PermanentError, Skipped } from '../../src/errors.ts'
import type { Context } from '../runtime/process.ts'

const unknown = {
  user: ['user-not-found', 'the platform has not told us of this user'],
  booking: ['unknown-booking', 'the platform has not told us of this booking or its place'],
  payment: ['unknown-payment', 'the platform has not told us of this payment'],
} as const

/**
 * An id we know nothing of. Skipped when the platform has deleted what it named; else it may still be told: throws NotYet,
 * and in the end PermanentError.
 */
export async function notKnown(
  kind: keyof typeof unknown,
  id: string,
  { db, job }: Pick<Context, 'db' | 'job'>,
): Promise<Skipped> {
  if (await isDeleted(db, kind, id)) return new Skipped(`the platform has deleted this ${kind}`)
  const [code, message] = unknown[kind]
  const until = nextLook(job.acceptedAt, new Date())
  throw until ? new NotYet(code, message, until) : new PermanentError(code, message)
}
