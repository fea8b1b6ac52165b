import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { isDatabaseAway } from '../../db/database-away.ts'
import type { RunStatement } from '../../db/statement.ts'
import { leaseMs, leaveSync, type SyncHold } from '../../mirror/sync/syncs.ts'

const retryEveryMs = 1_000

/**
 * Lets go of a sync; throws what Postgres says. While that is away it is tried again behind the caller's back, until the
 * hold has ended by itself.
 */
export async function letGo(
  { run, log }: { readonly run: RunStatement; readonly log: Logger },
  hold: SyncHold,
  state: 'done' | 'cut',
): Promise<void> {
  try {
    await leaveSync(run, hold, state)
  } catch (error) {
    if (isDatabaseAway(error)) void letGoLater({ run, log }, hold)
    throw error
  }
}

async function letGoLater(
  { run, log }: { readonly run: RunStatement; readonly log: Logger },
  hold: SyncHold,
): Promise<void> {
  const endsMs = performance.now() + leaseMs
  while (performance.now() < endsMs) {
    await delay(retryEveryMs, undefined, { ref: false })
    try {
      // Whatever it was: lines that were all committed are passed over when they come again.
      await leaveSync(run, hold, 'cut')
      return
    } catch (error) {
      if (!isDatabaseAway(error)) return log.warn({ err: error, sync: hold.name }, 'a sync was not let go')
    }
  }
}
