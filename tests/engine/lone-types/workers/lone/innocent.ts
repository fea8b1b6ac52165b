import contract from '../../queues/lone/innocent.ts'
import { process as processorOf } from '../../../../../workers/runtime/process.ts'

export default processorOf(contract, async () => ({ pid: process.pid }))
