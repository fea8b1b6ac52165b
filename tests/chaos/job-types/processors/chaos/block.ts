import { process } from '../../../../../workers/runtime/process.ts'
import { mailOnce } from '../../../mail-once.ts'
import contract from '../../contracts/chaos/block.ts'

export default process(contract, async ({ n, block_ms, when }, context) => {
  if (when === 'before') block(block_ms)
  const message_id = await mailOnce(`block-${n}@example.org`, context)
  if (when === 'after') block(block_ms)
  return { message_id }
})

/** Nothing else runs in this process meanwhile: no heartbeat, no renewal of a lock. */
function block(forMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, forMs)
}
