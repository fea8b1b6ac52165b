import { setTimeout as delay } from 'node:timers/promises'
import { untilBusy } from '../interrupted.ts'
import { restartWithinMs, type Scenario } from '../scenario.ts'
import { sometimesSlow } from '../slow-providers.ts'

/** Longer than heartbeat and lock (10 s each): everybody else must believe that the process is dead. */
const shortestFreezeMs = 12_000
const longestFreezeMs = 14_000
const longestPauseMs = 2_000
/** Time for a woken process to take new jobs before it is killed. */
const wokenForMs = 1_500

/** SIGSTOP, everything is taken over, SIGCONT: the old runners wake up and must change nothing. */
export const workerFreeze: Scenario = {
  name: 'worker-freeze',
  about: 'SIGSTOP of a worker for longer than heartbeat and lock, SIGCONT, then often kill -9 of the woken one',
  backends: ['redis', 'postgres'],
  shape: { workers: 2, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 40, perSecond: 4, faults: 1 },
  long: { jobs: 800, perSecond: 4, faults: 24 },
  bounds: { restartP99Ms: restartWithinMs },
  async play({ system, random, load, size, isLong, fault, interrupted, say }) {
    load.before = sometimesSlow(system, random.stream('slow'), 1)
    for (let freezes = 1; freezes <= size.faults; freezes += 1) {
      await delay(random.int(longestPauseMs / 2, longestPauseMs))
      const victim = system.workers[random.int(0, system.workers.length - 1)]
      if (victim === undefined) continue
      const { pid, atMs } = await victim.signal('SIGSTOP')
      await interrupted(pid, atMs)
      fault()
      await delay(random.int(shortestFreezeMs, longestFreezeMs))
      await victim.signal('SIGCONT')
      say(`woke worker ${pid}`)
      // A process once given up for dead must be found dead a second time.
      if (isLong && random.chance(0.5)) continue
      await delay(wokenForMs)
      await untilBusy(system.database.knex, pid)
      const killed = await victim.signal('SIGKILL')
      await interrupted(killed.pid, killed.atMs)
      fault()
    }
  },
}
