import contract from '../../queues/notifications/broadcast.ts'
import { countAudience } from '../../src/db/audience.ts'
import { findBroadcast } from '../../src/db/broadcasts.ts'
import { PermanentError, Skipped } from '../../src/errors.ts'
import { process } from '../runtime/process.ts'
import { decideChunk } from './decide-chunk.ts'

export default process(contract, async ({ broadcast_id }, context) => {
  const { db, signal, progress, transaction, allChildren } = context
  const total = await countAudience(db, broadcast_id)
  for (;;) {
    signal.throwIfAborted()
    const people = await transaction(tx => decideChunk(tx, broadcast_id, context))
    if (people === null) break
    progress(people, Math.max(people, total), 'people decided')
  }
  await allChildren()
  const broadcast = await findBroadcast(db, broadcast_id)
  if (!broadcast) throw new PermanentError('unknown-broadcast', 'there is no such broadcast')
  const { cancelled_at, people, mails, pushes } = broadcast
  return cancelled_at === null ? { people, mails, pushes } : new Skipped('cancelled')
})
