import { process } from '../../../../../workers/runtime/process.ts'
import { mailOnce } from '../../../mail-once.ts'
import contract from '../../contracts/chaos/greet.ts'

export default process(contract, async ({ n, audience }, context) => ({
  message_id: await mailOnce(`greet-${audience}-${n}@example.org`, context),
}))
