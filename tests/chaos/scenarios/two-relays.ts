import { setTimeout as delay } from 'node:timers/promises'
import type { Scenario } from '../scenario.ts'

const shortestPauseMs = 300
const longestPauseMs = 1_500
/** Long enough for the other relay to have done the same work. */
const shortestFreezeMs = 500
const longestFreezeMs = 3_000

/** Two relays on the same rows; one is killed, or frozen in the middle of a pass and woken into a world that went on. */
export const twoRelays: Scenario = {
  name: 'two-relays',
  about: 'two relays at once, one killed or frozen and woken at random',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 2, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 60, perSecond: 12, faults: 4 },
  long: { jobs: 1_000, perSecond: 15, faults: 40 },
  bounds: {},
  async play({ system, random, size, fault }) {
    for (let faults = 1; faults <= size.faults; faults += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const victim = random.pick(system.relays)
      if (random.chance(0.5)) {
        await victim.signal('SIGKILL')
      } else {
        await victim.signal('SIGSTOP')
        await delay(random.int(shortestFreezeMs, longestFreezeMs))
        await victim.signal('SIGCONT')
      }
      fault()
    }
  },
}
