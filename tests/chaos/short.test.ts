import { describe, it } from 'vitest'
import { findRedis } from '../../src/setup/redis-binary.ts'
import { allScenarios } from './all-scenarios.ts'
import { runScenario } from './run-scenario.ts'

/** Each has servers and processes of its own; more at once would only make each other late. */
const atOnce = 3
/** Waiting for a turn included, on a machine that is busy with other things. */
const timeoutMs = 1_200_000
const seed = 20_261_122

const backend = 'missing' in (await findRedis()) ? 'postgres' : 'redis'
const scenarios = allScenarios.filter(({ backends }) => backends.includes(backend))

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>(resolve => waiting.push(resolve))
  running += 1
  try {
    return await work()
  } finally {
    running -= 1
    waiting.shift()?.()
  }
}

// Only what is counted decides here. Bounds of time hold on a machine that does nothing else: `npm run chaos` checks them.
describe.concurrent(`the short set of npm run chaos (${backend})`, () => {
  for (const scenario of scenarios) {
    it(`${scenario.name}: ${scenario.about}`, { timeout: timeoutMs }, async ({ expect }) => {
      const steps: string[] = []
      const say = (step: string) => void steps.push(step)
      const result = await inTurn(() => runScenario(scenario, { backend, seed, isLong: false, say }))
      expect(result.broken, [...steps, JSON.stringify(result)].join('\n')).toEqual([])
      expect(result.accepted, 'no job was accepted').toBeGreaterThan(0)
    })
  }
})
