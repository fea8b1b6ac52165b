import contract from '../../queues/lone/lingering.ts'
import { process as processorOf } from '../../../../../workers/runtime/process.ts'

/** Ends well, and leaves behind what ends its process soon after, as a native addon's thread would. */
export default processorOf(contract, async () => {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), 100)
  return { pid: process.pid }
})
