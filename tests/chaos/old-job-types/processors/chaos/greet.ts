import { process } from '../../../../../workers/runtime/process.ts'
import { mailOnce } from '../../../mail-once.ts'
import contract from '../../contracts/chaos/greet.ts'

export default process(contract, async ({ n }, context) => ({
  message_id: await mailOnce(`greet-guest-${n}@example.org`, context),
}))
