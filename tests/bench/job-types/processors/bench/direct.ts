import { process } from '../../../../../workers/runtime/process.ts'
import { sampleStart } from '../../../samples.ts'
import contract from '../../contracts/bench/direct.ts'

export default process(contract, async ({ sent_ms }) => {
  sampleStart(sent_ms)
  return { ok: true }
})
