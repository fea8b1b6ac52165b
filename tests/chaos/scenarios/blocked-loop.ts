import { setTimeout as delay } from 'node:timers/promises'
import { acceptOwn } from '../accept.ts'
import block from '../job-types/contracts/chaos/block.ts'
import type { Scenario } from '../scenario.ts'

/** Longer than heartbeat and lock (10 s each). */
const shortestBlockMs = 12_000
const longestBlockMs = 14_000
const pauseMs = 4_000

/** A job blocks its worker's event loop past lock and heartbeat; it and its neighbours have one effect and one outcome. */
export const blockedLoop: Scenario = {
  name: 'blocked-loop',
  about: 'a job blocks the event loop past its lock, before or after its effect',
  backends: ['redis', 'postgres'],
  shape: { workers: 2, relays: 1, intakes: 1, jobTypes: 'extra' },
  short: { jobs: 40, perSecond: 5, faults: 2 },
  long: { jobs: 800, perSecond: 4, faults: 24 },
  bounds: {},
  async play(stage) {
    const { random, size, fault, expectMail } = stage
    for (let n = 1; n <= size.faults; n += 1) {
      expectMail(`block-${n}@example.org`)
      const block_ms = random.int(shortestBlockMs, longestBlockMs)
      await acceptOwn(stage, block, { n, block_ms, when: random.pick(['before', 'after'] as const) })
      fault()
      await delay(pauseMs)
    }
    // Until the last loop runs again the faults are not over.
    await delay(longestBlockMs)
  },
}
