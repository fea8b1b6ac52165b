import type { Scenario } from './scenario.ts'
import { blockedLoop } from './scenarios/blocked-loop.ts'
import { crashingJob } from './scenarios/crashing-job.ts'
import { deafWorker } from './scenarios/deaf-worker.ts'
import { intakeKill } from './scenarios/intake-kill.ts'
import { postgresCut } from './scenarios/postgres-cut.ts'
import { postgresRestart } from './scenarios/postgres-restart.ts'
import { providerFaults } from './scenarios/provider-faults.ts'
import { redisAway } from './scenarios/redis-away.ts'
import { redisFlush } from './scenarios/redis-flush.ts'
import { redisRestart } from './scenarios/redis-restart.ts'
import { relayKill } from './scenarios/relay-kill.ts'
import { rollingDeploy } from './scenarios/rolling-deploy.ts'
import { twoRelays } from './scenarios/two-relays.ts'
import { workerFreeze } from './scenarios/worker-freeze.ts'
import { workerKill } from './scenarios/worker-kill.ts'

/** Every scenario, in the order of the table. */
export const allScenarios: readonly Scenario[] = [
  workerKill,
  workerFreeze,
  relayKill,
  intakeKill,
  twoRelays,
  redisFlush,
  redisRestart,
  redisAway,
  postgresRestart,
  postgresCut,
  blockedLoop,
  crashingJob,
  deafWorker,
  rollingDeploy,
  providerFaults,
]
