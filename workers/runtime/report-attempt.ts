import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'

/** One line and one set of figures per attempt; no processor logs its own start and end. */
export function reportAttempt(
  claim: Claim,
  ending: Ending,
  { isCurrent, tookMs }: { isCurrent: boolean; tookMs: number },
  { contract }: JobType,
  { log, metrics }: Runtime,
): void {
  const outcome = isCurrent ? (ending.kind === 'finish' ? ending.outcome : ending.ending) : 'superseded'
  metrics.attempt({ queue: contract.name, outcome, tookMs, waitedMs: claim.waitedMs })
  const line = {
    job: contract.name,
    id: claim.id,
    entity: claim.entity,
    run: claim.run,
    attempt: claim.attempts + 1,
    outcome,
    tookMs: Math.round(tookMs),
    waitedMs: Math.round(claim.waitedMs),
    ...(ending.kind === 'finish' ? { reason: ending.reason ?? undefined } : { againInMs: ending.delayMs }),
    ...(ending.error ? { error: ending.error } : {}),
  }
  if (outcome === 'failed' || ending.error?.name === 'ConfigError') log.error(line, 'attempt')
  else log.info(line, 'attempt')
}
