import { setTimeout as delay } from 'node:timers/promises'
import { sometimesSlow } from '../slow-providers.ts'
import type { Scenario } from '../scenario.ts'

const shortestPauseMs = 1_500
const longestPauseMs = 3_000
const longestAwayMs = 3_000

/** Postgres is restarted in order, or dies and comes back after recovery: 503 meanwhile, no attempt is burnt. */
export const postgresRestart: Scenario = {
  name: 'postgres-restart',
  about: 'Postgres restarted under load, in order or by kill -9',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 60, perSecond: 12, faults: 2 },
  long: { jobs: 1_200, perSecond: 10, faults: 24 },
  bounds: { burntAttempts: 0 },
  async play({ system, random, load, size, fault, say }) {
    load.before = sometimesSlow(system, random.stream('slow'))
    for (let restarts = 1; restarts <= size.faults; restarts += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const dies = random.chance(0.5)
      if (dies) {
        await system.postgres.kill()
        await delay(random.int(0, longestAwayMs))
      }
      await system.postgres.restart()
      fault()
      say(`Postgres ${dies ? 'died' : 'was restarted'} and is back`)
    }
  },
}
