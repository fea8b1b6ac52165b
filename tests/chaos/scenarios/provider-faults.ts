import { setTimeout as delay } from 'node:timers/promises'
import type { Provider } from '../../../src/sandbox/effects.ts'
import type { FaultInput } from '../../../src/sandbox/faults.ts'
import type { Random } from '../random.ts'
import type { Scenario } from '../scenario.ts'
import { placeFault, recipientsOf } from '../slow-providers.ts'
import { providerTimeoutMs } from '../system.ts'

type Shared = Pick<FaultInput, 'provider' | 'match'>
type Plan = (shared: Shared, random: Random) => FaultInput[]

/** Surely not sent: the job tries again. Of FCM a 408 would be a doubt: it says nothing about that code. */
const refusedForNow: Plan = (shared, random) => [
  random.pick<FaultInput>([
    { ...shared, kind: 'status', status: 503 },
    { ...shared, kind: 'status', status: shared.provider === 'fcm' ? 503 : 408 },
    { ...shared, kind: 'status', status: 429, retryAfterSeconds: random.int(0, 1) },
  ]),
]
/** Not taken, and we cannot know. */
const neverTaken: Plan = (shared, random) => [
  random.pick<FaultInput>([
    { ...shared, kind: 'reset' },
    { ...shared, kind: 'hang' },
    { ...shared, kind: 'status', status: random.pick([500, 502, 504]) },
  ]),
]
/** Taken, and we cannot know. */
const takenSilently: Plan = (shared, random) => [
  random.pick<FaultInput>([
    { ...shared, kind: 'accept-then-drop' },
    { ...shared, kind: 'slow', delayMs: providerTimeoutMs + random.int(200, 2_000) },
  ]),
]
const slowAnswer: Plan = (shared, random) => [{ ...shared, kind: 'slow', delayMs: random.int(20, longestSlowMs) }]
/** Settlement itself meets a fault: Twilio's list fails while we look. */
const lookUpFails: Plan = (shared, random) => [
  ...takenSilently(shared, random),
  random.pick<FaultInput>([
    { ...shared, on: 'list', kind: 'status', status: 503 },
    { ...shared, on: 'list', kind: 'reset' },
    { ...shared, on: 'list', kind: 'hang' },
  ]),
]
/** In doubt twice: what no event, and no second answer, can tell is closed as unknown. */
const neverTakenTwice: Plan = (shared, random) => [...neverTaken(shared, random), ...neverTaken(shared, random)]
const inDoubtTwice: Plan = (shared, random) => [
  ...random.pick([neverTaken, takenSilently])(shared, random),
  ...random.pick([neverTaken, takenSilently])(shared, random),
]
/** In doubt, and the list never answers again: closed as unknown after an hour, and not sent again. */
const neverToldAbout: Plan = (shared, random) => [
  ...random.pick([neverTaken, takenSilently])(shared, random),
  { ...shared, on: 'list', kind: 'status', status: 503, times: forever },
]

const usualPlans: Readonly<Record<Provider, readonly [Plan, ...Plan[]]>> = {
  sendgrid: [refusedForNow, neverTaken, takenSilently, slowAnswer],
  twilio: [refusedForNow, neverTaken, takenSilently, slowAnswer, lookUpFails],
  fcm: [refusedForNow, neverTaken, takenSilently, slowAnswer],
}
/** Nobody can know what became of these. */
const hopelessPlans: Readonly<Record<Provider, Plan>> = {
  sendgrid: neverTakenTwice,
  twilio: neverToldAbout,
  fcm: inDoubtTwice,
}

const longestSlowMs = 500
const forever = 10_000
const hopelessChance = 0.04
const secondFaultChance = 0.25
const lookEveryMs = 50

/** Every way a provider can fail, at random over many sends. */
export const providerFaults: Scenario = {
  name: 'provider-faults',
  about:
    'every fault of the sandbox at random: codes, Retry-After, slow, hang, reset, accept-then-drop, failing look-ups',
  backends: ['redis', 'postgres'],
  shape: { workers: 1, relays: 1, intakes: 1, jobTypes: 'plain' },
  short: { jobs: 60, perSecond: 15, faults: 150 },
  long: { jobs: 2_800, perSecond: 8, faults: 10_200 },
  bounds: {},
  async play({ system, random, load, size, placed, say }) {
    let count = 0
    load.before = async booking => {
      for (const shared of recipientsOf(booking)) {
        // What comes before it was surely not sent, so the policy for the doubt that follows is untouched by it.
        const first = random.chance(secondFaultChance) ? refusedForNow(shared, random) : []
        const plan = random.chance(hopelessChance)
          ? hopelessPlans[shared.provider]
          : random.pick(usualPlans[shared.provider])
        for (const one of [...first, ...plan(shared, random)]) {
          await placeFault(system, one)
          placed(one)
          count += 1
          if (count % 1_000 === 0) say(`${count} faults`)
        }
      }
    }
    while (count < size.faults) await delay(lookEveryMs)
  },
}
