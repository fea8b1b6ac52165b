import { setTimeout as delay } from 'node:timers/promises'
import { untilBusy } from '../interrupted.ts'
import { restartWithinMs, type Scenario } from '../scenario.ts'
import { sometimesSlow } from '../slow-providers.ts'

const firstPauseMs = 500
const longestPauseMs = 3_000

/** kill -9 of a worker at random moments, jobs in every step of their life. */
export const workerKill: Scenario = {
  name: 'worker-kill',
  about: 'kill -9 of workers at random moments, sends in flight among them',
  backends: ['redis', 'postgres'],
  shape: { workers: 2, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 50, perSecond: 6, faults: 4 },
  long: { jobs: 2_000, perSecond: 4, faults: 200 },
  bounds: { restartP99Ms: restartWithinMs },
  async play({ system, random, load, size, fault, interrupted, say }) {
    load.before = sometimesSlow(system, random.stream('slow'))
    for (let kills = 1; kills <= size.faults; kills += 1) {
      await delay(random.int(firstPauseMs, longestPauseMs))
      const victim = system.workers[random.int(0, system.workers.length - 1)]
      if (victim === undefined) continue
      await untilBusy(system.database.knex, await victim.running())
      const { pid, atMs } = await victim.signal('SIGKILL')
      await interrupted(pid, atMs)
      fault()
      if (kills % 20 === 0) say(`${kills} kills`)
    }
  },
}
