import { setTimeout as delay } from 'node:timers/promises'
import { sometimesSlow } from '../slow-providers.ts'
import type { Scenario } from '../scenario.ts'

const shortestPauseMs = 200
const longestPauseMs = 800

/** Connections of ours are cut by the server, some of them between a commit and its answer. */
export const postgresCut: Scenario = {
  name: 'postgres-cut',
  about: 'pg_terminate_backend of our connections at random',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 70, perSecond: 14, faults: 10 },
  long: { jobs: 1_500, perSecond: 20, faults: 150 },
  bounds: { burntAttempts: 0 },
  async play({ system, random, load, size, fault }) {
    load.before = sometimesSlow(system, random.stream('slow'))
    const { knex } = system.database
    for (let cuts = 1; cuts <= size.faults; cuts += 1) {
      await delay(random.int(shortestPauseMs, longestPauseMs))
      const share = random.pick([0.3, 0.6, 1])
      await knex.raw(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name like 'hbnb-jobs%' and datname = current_database() and random() <= ?`,
        [share],
      )
      fault()
    }
  },
}
