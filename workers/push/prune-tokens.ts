import contract from '../../queues/push/prune-tokens.ts'
import { Skipped } from '../../src/errors.ts'
import { MirrorIsView } from '../../src/mirror/expect-tables.ts'
import { countDevices, pruneDevices } from '../../src/mirror/unseen-devices.ts'
import { process } from '../runtime/process.ts'

/** FCM itself counts a token as expired then (docs: https://firebase.google.com/docs/cloud-messaging/manage-tokens). */
const forgottenAfterMs = 270 * 86_400_000

export default process(contract, async ({ at }, { ledger, signal, progress }) => {
  const seenBefore = new Date(Date.parse(at) - forgottenAfterMs)
  const total = await countDevices(ledger)
  let [looked, removed] = [0, 0]
  let after: string | null = ''
  try {
    while (after !== null) {
      signal.throwIfAborted()
      const page = await pruneDevices(ledger, seenBefore, after)
      after = page.last
      looked += page.looked
      removed += page.removed
      progress(looked, Math.max(looked, total), 'devices')
    }
  } catch (error) {
    if (error instanceof MirrorIsView) return new Skipped('the devices are the app’s own')
    throw error
  }
  return { looked, removed }
})
