import type { Scenario } from './scenario.ts'
import { providerFaults } from './scenarios/provider-faults.ts'
import { redisFlush } from './scenarios/redis-flush.ts'
import { workerKill } from './scenarios/worker-kill.ts'

/** Every scenario, in the order of the table. */
export const allScenarios: readonly Scenario[] = [workerKill, redisFlush, providerFaults]
