import type send from '../../queues/notifications/send.ts'
import type { ResultOf } from '../../queues/define-job.ts'
import { addToDigest } from '../../src/db/digests.ts'
import type { Notification } from '../../src/db/notifications.ts'
import { digestWindow, isGathered } from '../../src/domain/notifications/digest-window.ts'
import { readerZone } from '../../src/domain/notifications/reader-zone.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import type { Context } from '../runtime/process.ts'

/** Puts a notification that is in no hurry into the digest of its reader. Null when it is to be told by itself. */
export async function gather(
  notification: Notification,
  toldZone: string | null,
  { transaction }: Context,
): Promise<ResultOf<typeof send> | null> {
  const zone = readerZone(toldZone)
  const window = digestWindow(zone, new Date())
  if (notification.digest_id === null && !isGathered(notification, window)) return null
  const until = await transaction(tx => addToDigest(tx, notification, newJobId(), zone, window))
  const said = `gathered: told with others at ${until.toISOString()}`
  return { notification_id: notification.id, channels: { email: said, sms: said, push: said } }
}
