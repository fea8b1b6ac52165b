import { setTimeout as delay } from 'node:timers/promises'
import { process } from '../../../../../workers/runtime/process.ts'
import { sampleStart } from '../../../samples.ts'
import contract from '../../contracts/bench/wait.ts'

export default process(contract, async ({ sent_ms, wait_ms, tag }, { signal }) => {
  await delay(wait_ms, undefined, { signal })
  if (tag === 'single') sampleStart(sent_ms)
  return { ok: true }
})
