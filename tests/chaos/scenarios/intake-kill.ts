import { setTimeout as delay } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const shortestPauseMs = 200
const longestPauseMs = 1_000

/** kill -9 of an intake in the middle of requests; clients repeat under the same key, the platform the same webhook. */
export const intakeKill: Scenario = {
  name: 'intake-kill',
  about: 'kill -9 of an intake mid-request, clients repeating under the same Idempotency-Key or webhook id',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 1, intakes: 2, jobTypes: 'plain' },
  short: { jobs: 80, perSecond: 20, faults: 5 },
  long: { jobs: 1_500, perSecond: 30, faults: 60 },
  bounds: {},
  async play({ system, random, size, fault }) {
    for (let kills = 1; kills <= size.faults; kills += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      await random.pick(system.intakes).signal('SIGKILL')
      fault()
    }
  },
}
