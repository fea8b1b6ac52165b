import { setTimeout as delay } from 'node:timers/promises'
import { acceptOwn } from '../accept.ts'
import crash from '../job-types/contracts/chaos/crash.ts'
import greet from '../job-types/contracts/chaos/greet.ts'
import type { Scenario } from '../scenario.ts'

const pauseMs = 2_000
const innocentsPerCrash = 10

/** A job kills every process it runs in: quarantined after three crashes while alone; its neighbours complete. */
export const crashingJob: Scenario = {
  name: 'crashing-job',
  about: 'a job that kills its process ends quarantined, innocent jobs beside it complete',
  backends: ['redis', 'postgres'],
  shape: { workers: 2, relays: 1, intakes: 1, jobTypes: 'extra' },
  short: { jobs: 30, perSecond: 6, faults: 1 },
  long: { jobs: 400, perSecond: 4, faults: 20 },
  bounds: { burntAttempts: 0 },
  isIntended: ({ name, outcome }) => name === crash.name && outcome === 'quarantined',
  async play(stage) {
    const { size, fault, expectMail } = stage
    for (let n = 1; n <= size.faults; n += 1) {
      await acceptOwn(stage, crash, { n })
      fault()
      for (let innocent = 1; innocent <= innocentsPerCrash; innocent += 1) {
        const number = n * 1_000 + innocent
        expectMail(`greet-guest-${number}@example.org`)
        await acceptOwn(stage, greet, { n: number, audience: 'guest' })
      }
      await delay(pauseMs)
    }
  },
}
