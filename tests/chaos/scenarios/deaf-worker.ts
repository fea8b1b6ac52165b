import { setTimeout as delay } from 'node:timers/promises'
import { replacedWithinMs, type Scenario } from '../scenario.ts'

const shortestPauseMs = 500
const longestPauseMs = 3_000
const lookEveryMs = 20
/** A worker still there after so long is left deaf: then its jobs do not end, and the run says so. */
const givenUpAfterMs = 180_000
/** A process condemns itself once in ten minutes; the runner does not wait for that time to pass. */
const movedMinutes = 11

/** The only worker hears nothing any more of what it fetches; its heartbeats and its other connections are well. */
export const deafWorker: Scenario = {
  name: 'deaf-worker',
  about: 'a worker that is connected, beats, and fetches nothing, must notice it and be replaced',
  backends: ['redis'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain', workersBehindProxy: true },
  short: { jobs: 40, perSecond: 4, faults: 1 },
  long: { jobs: 400, perSecond: 2, faults: 20 },
  bounds: { replacedMs: replacedWithinMs, burntAttempts: 0 },
  async play({ system: { proxy, workers, database }, random, size, fault, replaced, say }) {
    const [worker] = workers
    if (proxy === null || worker === undefined) throw new Error('this scenario needs a worker behind a proxy')
    for (let faults = 1; faults <= size.faults; faults += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const deaf = await worker.running()
      const sinceMs = performance.now()
      proxy.deafen()
      fault()
      while (worker.pid() === deaf) {
        if (performance.now() - sinceMs > givenUpAfterMs) return
        await delay(lookEveryMs)
      }
      proxy.hear()
      await worker.running()
      const tookMs = performance.now() - sinceMs
      replaced(tookMs)
      say(`replaced the deaf worker after ${(tookMs / 1_000).toFixed(1)} s`)
      await database.knex.raw(
        `update hbnb_jobs.processes set condemned_at = condemned_at - make_interval(mins => ?) where condemned_at is not null`,
        [movedMinutes],
      )
    }
  },
}
