import { instant } from '../../ledger/instant.ts'
import { listSettings } from '../../ledger/settings.ts'
import { type Check, finder } from './finding.ts'

const forgottenAfterMs = 86_400_000

const { bad, warning } = finder('pauses')

/** Queues that refused credentials have stopped, and pauses that may have been forgotten. */
export const checkPauses: Check = async ({ run, now }) =>
  (await listSettings(run)).flatMap(({ name, pausedAt, pausedBy, pausedReason, probeAt }) => {
    if (pausedAt === null) return []
    const why = pausedReason ?? 'no reason was given'
    if (probeAt !== null) {
      return [
        bad(
          `${name} is paused because our credentials were refused: ${why}`,
          `correct them and restart the workers; a probe resumes it by itself, or: npm run jobs -- resume ${name}`,
        ),
      ]
    }
    if (now() - pausedAt.getTime() < forgottenAfterMs) return []
    return [
      warning(
        `${name} is paused since ${instant(pausedAt)} by ${pausedBy ?? 'somebody'}: ${why}`,
        `npm run jobs -- resume ${name}`,
      ),
    ]
  })
