import { setTimeout as delay } from 'node:timers/promises'
import { acceptOwn } from '../accept.ts'
import greet from '../job-types/contracts/chaos/greet.ts'
import { sometimesSlow } from '../slow-providers.ts'
import type { Scenario, Stage } from '../scenario.ts'

const pauseMs = 1_000
const greetsPerDeploy = 10

/** Workers are replaced one by one under load, the first ones of the previous release, while jobs of the new one come in. */
export const rollingDeploy: Scenario = {
  name: 'rolling-deploy',
  about: 'workers replaced by SIGTERM under load, old and new contract versions side by side',
  backends: ['redis', 'postgres'],
  shape: { workers: 2, relays: 1, intakes: 1, jobTypes: 'extra', firstWorkers: 'old' },
  short: { jobs: 50, perSecond: 10, faults: 2 },
  long: { jobs: 1_000, perSecond: 8, faults: 24 },
  bounds: { burntAttempts: 0 },
  async play(stage) {
    const { system, random, load, size, fault, say } = stage
    load.before = sometimesSlow(system, random.stream('slow'))
    for (let deploys = 1; deploys <= size.faults; deploys += 1) {
      await greetAll(stage, deploys)
      await delay(random.int(pauseMs / 2, pauseMs))
      system.workers.push(await system.startWorker('extra'))
      await greetAll(stage, size.faults + deploys)
      await system.workers.shift()?.stop()
      fault()
      say(`replaced worker ${deploys}`)
    }
  },
}

/** An old worker that strips the field it does not know would greet the guest. */
async function greetAll(stage: Stage, group: number): Promise<void> {
  for (let index = 0; index < greetsPerDeploy; index += 1) {
    const n = group * greetsPerDeploy + index
    const audience = stage.random.pick(['guest', 'host'] as const)
    stage.expectMail(`greet-${audience}-${n}@example.org`)
    await acceptOwn(stage, greet, { n, audience })
  }
}
