import { parseArgs } from 'node:util'
import { z } from 'zod'
import { findRedis } from '../../src/setup/redis-binary.ts'
import { allScenarios } from './all-scenarios.ts'
import { resultTable } from './report.ts'
import { runScenario } from './run-scenario.ts'
import type { Result, Scenario } from './scenario.ts'

const usage = `npm run chaos -- [options]

  Starts real processes on a real Postgres (fsync on) and Redis, breaks them on purpose while bookings are confirmed,
  and counts: every accepted job must end, every recipient must be reached exactly once.

  --scenario NAME     only this one; may be repeated
  --list              the scenarios
  --seed N            decisions of an earlier run (default: a new one, printed)
  --jobs N            at least so many confirmations per scenario
  --backend NAME      redis (default) or postgres: where the queues are
  --parallel N        so many scenarios at once, each on servers of its own (default 2)
  --long              as many faults as the promise is stated for
  --json              one object per line on standard output
`

const maxSeed = 2 ** 31 - 1
const maxJobs = 100_000
const maxParallel = 8

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', multiple: true, default: [] },
    seed: { type: 'string', default: String(Math.floor(Math.random() * maxSeed)) },
    jobs: { type: 'string' },
    backend: { type: 'string', default: 'redis' },
    parallel: { type: 'string', default: '2' },
    long: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const names = allScenarios.map(({ name }) => name)
const options = z
  .object({
    scenario: z.array(z.enum(names)),
    seed: z.coerce.number().int().min(0).max(maxSeed),
    jobs: z.coerce.number().int().min(1).max(maxJobs).optional(),
    backend: z.enum(['redis', 'postgres']),
    parallel: z.coerce.number().int().min(1).max(maxParallel),
    long: z.boolean(),
    json: z.boolean(),
  })
  .safeParse(values)

const print = (text: string) => void process.stdout.write(`${text}\n`)
const startedMs = performance.now()
const say = (line: string) => {
  process.stderr.write(`${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(7)} s  ${line}\n`)
}

async function main(): Promise<number> {
  if (values.help) {
    print(usage)
    return 0
  }
  if (values.list) {
    const width = Math.max(...names.map(name => name.length))
    for (const { name, about } of allScenarios) print(`${name.padEnd(width)}  ${about}`)
    return 0
  }
  if (!options.success) {
    process.stderr.write(`${z.prettifyError(options.error)}\n\n${usage}`)
    return 1
  }
  const { scenario: wanted, seed, jobs, backend, parallel, long: isLong, json } = options.data
  if (backend === 'redis') {
    const redis = await findRedis()
    if ('missing' in redis) throw new Error(`${redis.missing}; use --backend postgres`)
  }
  const scenarios = allScenarios.filter(
    ({ name, backends }) => (wanted.length === 0 || wanted.includes(name)) && backends.includes(backend),
  )
  say(`seed ${seed}, ${scenarios.length} scenarios on ${backend}, ${parallel} at once`)
  const results: Result[] = []
  const waiting = [...scenarios]
  async function lane(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await runScenario(next, { backend, seed, isLong, jobs, say })
      const wrong = [...result.broken, ...result.late]
      say(`${next.name}: ${wrong.length === 0 ? 'holds' : wrong.join('; ')}`)
      results.push(result)
      if (json) print(JSON.stringify(result))
    }
  }
  await Promise.all(Array.from({ length: parallel }, lane))
  if (!json) print(`\n${resultTable(inOrder(results, scenarios))}\n\nseed ${seed}`)
  return results.every(({ broken, late }) => broken.length + late.length === 0) ? 0 : 1
}

function inOrder(results: readonly Result[], scenarios: readonly Scenario[]): Result[] {
  return scenarios.flatMap(({ name }) => results.filter(({ scenario }) => scenario === name))
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`chaos: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
})
