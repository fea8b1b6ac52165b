import contract from '../../queues/lone/sending.ts'
import { policy } from '../../../../support/sending-job.ts'
import { process } from '../../../../../workers/runtime/process.ts'

export default process(contract, async (_payload, { effect }) => ({
  taken: await effect('one', policy, async () => ({ id: 'taken' })),
}))
