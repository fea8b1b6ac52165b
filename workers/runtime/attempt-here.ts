import type { Claim } from '../../src/ledger/claim.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { openAttempt } from './attempt.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'
import { tellOthers } from './tell-others.ts'

/** Runs one attempt in this process. Never rejects. */
export async function attemptHere(claim: Claim, type: JobType, isProbe: boolean, runtime: Runtime): Promise<Ending> {
  const open = openAttempt(claim, type, runtime)
  try {
    const { ending, error } = await open.ended
    // What the sandbox says must stop nothing real: no queue, no provider's budget.
    if (!isTestTenant(claim.tenant)) await tellOthers(error, isProbe, type, runtime)
    return ending
  } finally {
    open.close()
  }
}
