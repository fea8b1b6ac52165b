import contract from '../../queues/lone/deadly.ts'
import { process as processorOf } from '../../../../../workers/runtime/process.ts'

/** Ends whatever process it runs in, as an out-of-memory kill would. */
export default processorOf(contract, async () => {
  process.kill(process.pid, 'SIGKILL')
  return await new Promise<never>(() => {})
})
