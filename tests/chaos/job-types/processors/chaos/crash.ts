import { process as processes } from '../../../../../workers/runtime/process.ts'
import contract from '../../contracts/chaos/crash.ts'

export default processes(contract, async () => {
  process.kill(process.pid, 'SIGKILL')
  // The signal is on its way.
  await new Promise<never>(() => {})
  return { message_id: 'never' }
})
