import { parseCLI, type Reporter, startVitest, type TestModule } from 'vitest/node'
import { findBrowser } from './browser.ts'
import { setupEnvironment } from './environment.ts'
import { findPython } from './python.ts'
import { findRedis } from './redis-binary.ts'

// What `npm test` runs: the whole suite, its last line always "N passed, N failed". Arguments go to vitest.

type Count = { passed: number; failed: number; skipped: number }

const byProject = new Map<string, Count>()

/** A file that could not be loaded holds no test, and an error outside any test fails none: each counts as one failure. */
const counter: Reporter = {
  onTestRunEnd: (modules, unhandledErrors) => {
    for (const module of modules) countModule(module)
    if (unhandledErrors.length > 0) countOf('outside any test').failed += unhandledErrors.length
  },
}

function countOf(project: string): Count {
  const count = byProject.get(project) ?? { passed: 0, failed: 0, skipped: 0 }
  byProject.set(project, count)
  return count
}

function countModule(module: TestModule): void {
  const count = countOf(module.project.name)
  const failedBefore = count.failed
  for (const test of module.children.allTests()) {
    const { state } = test.result()
    if (state === 'passed') count.passed += 1
    else if (state === 'skipped') count.skipped += 1
    else count.failed += 1
  }
  if (module.state() === 'failed' && count.failed === failedBefore) count.failed += 1
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function report(missing: readonly (readonly [what: string, why: string])[]): number {
  let [passed, failed] = [0, 0]
  say('')
  for (const [project, count] of byProject) {
    passed += count.passed
    failed += count.failed
    say(`${project}: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
  }
  if (passed + failed === 0) say('No test ran.')
  const vitestFailed = passed + failed === 0 || (process.exitCode ?? 0) !== 0
  for (const [what, why] of missing) say(`${what}: NOT RUN (${why})`)
  say(`${passed} passed, ${vitestFailed ? Math.max(failed, 1) : failed} failed`)
  return vitestFailed || failed > 0 ? 1 : 0
}

async function missingRedis(): Promise<string | undefined> {
  if (setupEnvironment().REDIS_URL !== undefined) return undefined
  const redis = await findRedis()
  return 'missing' in redis ? redis.missing : undefined
}

const { REQUIRE_REDIS, REQUIRE_BROWSER, REQUIRE_PYTHON } = setupEnvironment()
const requires: Readonly<Record<string, boolean>> = {
  redis: REQUIRE_REDIS,
  browser: REQUIRE_BROWSER,
  python: REQUIRE_PYTHON,
}
const redisMissing = await missingRedis()
const browser = findBrowser()
const python = await findPython()
const missing: [string, string][] = []
if (redisMissing !== undefined) missing.push(['redis', redisMissing])
if ('missing' in browser) missing.push(['browser', browser.missing])
if ('missing' in python) missing.push(['python', python.missing])
const required = missing.find(([what]) => requires[what] === true)

if (required) {
  say(`REQUIRE_${required[0].toUpperCase()}=1, but ${required[1]}.`)
  process.exitCode = 1
} else {
  // Searched once: the configuration and the global set-up must not each wait for a network that is not there.
  if (redisMissing !== undefined) process.env['NO_DOWNLOAD'] = '1'
  const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
  await startVitest(filter, { ...options, run: true, watch: false, reporters: ['default', counter] })
}
process.exit(report(missing))
