import { setTimeout as delay } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const shortestPauseMs = 300
const longestPauseMs = 2_000

/** kill -9 of the relay: between its commit and its add as anywhere else. */
export const relayKill: Scenario = {
  name: 'relay-kill',
  about: 'kill -9 of the only relay at random moments',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 60, perSecond: 12, faults: 4 },
  long: { jobs: 800, perSecond: 15, faults: 40 },
  bounds: {},
  async play({ system, random, size, fault }) {
    for (let kills = 1; kills <= size.faults; kills += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      await random.pick(system.relays).signal('SIGKILL')
      fault()
    }
  },
}
