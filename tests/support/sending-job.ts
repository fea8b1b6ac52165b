import { Ambiguous, TemporaryError } from '../../src/errors.ts'
import type { EffectPolicy } from '../../workers/runtime/effect-policy.ts'
import { testJob } from './test-job.ts'

/** One send that is repeated at once, once, when its answer is lost. */
export const policy: EffectPolicy = {
  provider: 'test',
  maxPerCall: 10,
  sendWithinMs: 1_000,
  settle: async () => 'cannot-tell',
  whenUnsettled: { afterMs: 0, action: 'resend' },
}
/** A settlement that knows. */
export const foundTaken = async () => ({ accepted: 'it was taken' })
/** The answer is lost: nobody knows. */
export const lost = () => new Ambiguous('answer-lost', 'the provider took it and hung up')
/** Surely not sent. */
export const refused = () => new TemporaryError('503', 'the provider did nothing')

/** A job whose one effect ends with these errors in turn, then well. */
export function sendingJob(
  errors: (() => Error)[],
  changes: Parameters<typeof testJob>[1] & { policy?: Partial<EffectPolicy> },
) {
  const { policy: more, ...contract } = changes
  const sends = { count: 0 }
  const type = testJob(
    async ({ n }, { effect }) => {
      await effect('one', { ...policy, ...more }, async () => {
        const error = errors[sends.count]
        sends.count += 1
        if (error) throw error()
        return { id: `taken ${sends.count}` }
      })
      return { n }
    },
    { retry: { attempts: 5, firstDelayMs: 100, maxDelayMs: 100, jitter: 0 }, ...contract },
  )
  return { type, sends }
}
