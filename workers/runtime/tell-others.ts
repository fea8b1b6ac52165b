import { ConfigError, ProviderBusy } from '../../src/errors.ts'
import { pauseForConfig, resumeAfterProbe } from '../../src/ledger/settings.ts'
import { OutOfTurn } from './budgets.ts'
import { longestBusyMs } from './decide-ending.ts'
import type { JobType } from './process.ts'
import type { Runtime } from './runtime.ts'

/**
 * What one job learnt that concerns others: a provider that says wait holds its budget, refused credentials pause the
 * queue, and a probe that got through lets it go on. The job itself ends as it does whether or not others hear of it.
 */
export async function tellOthers(error: unknown, isProbe: boolean, type: JobType, runtime: Runtime): Promise<void> {
  try {
    await tell(error, isProbe, type, runtime)
  } catch (fault) {
    runtime.log.warn({ job: type.contract.name, err: fault }, 'others were not told')
  }
}

async function tell(error: unknown, isProbe: boolean, { contract }: JobType, runtime: Runtime): Promise<void> {
  const { name, rateLimit } = contract
  const { run, log, budgets } = runtime
  // A queue that alone keeps its jobs cannot let one probe through; each of its jobs retries by itself.
  if (error instanceof ConfigError && contract.durability === 'ledger') {
    const isFirst = await pauseForConfig(run, name, `${error.code}: ${error.message}`)
    if (isFirst) log.error({ job: name, code: error.code }, 'queue paused: our credentials were refused')
    return
  }
  if (error instanceof OutOfTurn) return
  if (error instanceof ProviderBusy && rateLimit !== 'none' && 'budget' in rateLimit) {
    await budgets.hold(rateLimit.budget, Math.min(error.retryAfterMs, longestBusyMs), error.code)
  }
  if (isProbe && (await resumeAfterProbe(run, name))) log.info({ job: name }, 'queue goes on: the probe got through')
}
