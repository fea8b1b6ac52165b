import { process } from '../../../../../workers/runtime/process.ts'
import { mailOnce } from '../../../mail-once.ts'
import contract from '../../contracts/chaos/block.ts'

export default process(contract, async ({ n, block_ms, when }, context) => {
  // Its first run alone: a job that blocked each time would be taken over each time, and never end.
  const earlier = await context.db('hbnb_jobs.job_attempts').where({ job_id: context.job.id }).first('job_id')
  const blockMs = earlier === undefined ? block_ms : 0
  if (when === 'before') block(blockMs)
  const message_id = await mailOnce(`block-${n}@example.org`, context)
  if (when === 'after') block(blockMs)
  return { message_id }
})

/** Nothing else runs in this process meanwhile: no heartbeat, no renewal of a lock. */
function block(forMs: number): void {
  if (forMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, forMs)
}
