import { defaultExclude, defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { findBrowser } from './src/setup/browser.ts'
import { findRedis } from './src/setup/redis-binary.ts'
import { setupEnvironment } from './src/setup/environment.ts'

const TIMEOUT_MS = 30_000
/** Several suites run real servers each: more workers on a small machine only make their timings worse. */
const WORKERS = 2

const ENGINE = ['tests/engine/**/*.test.ts', 'tests/journeys/**/*.test.ts']
const CHAOS = ['tests/chaos/**/*.test.ts']
const BROWSER = ['tests/browser/**/*.test.ts']
const ZONES = ['Pacific/Auckland', 'America/New_York']

const redisFound = setupEnvironment().REDIS_URL !== undefined || !('missing' in (await findRedis()))

function project(
  name: string,
  include: string[],
  env: Record<string, string>,
  { exclude = [], groupOrder = 0 }: { exclude?: string[]; groupOrder?: number } = {},
): TestProjectInlineConfiguration {
  const test = { name, include, exclude: [...defaultExclude, ...exclude], env: { TZ: 'UTC', ...env } }
  return { extends: true, test: { ...test, sequence: { groupOrder } } }
}

export default defineConfig({
  test: {
    globalSetup: ['tests/setup/global.ts'],
    setupFiles: ['tests/setup/console.ts'],
    pool: 'forks',
    maxWorkers: WORKERS,
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    projects: [
      project('unit', ['tests/**/*.test.ts'], {}, { exclude: [...ENGINE, ...BROWSER, ...CHAOS] }),
      ...ZONES.map(zone => project(`zone ${zone}`, ['tests/**/*.zones.test.ts'], { TZ: zone })),
      project('engine (postgres)', ENGINE, { QUEUE_BACKEND: 'postgres' }),
      ...(redisFound ? [project('engine (redis)', ENGINE, { QUEUE_BACKEND: 'redis' })] : []),
      ...('path' in findBrowser() ? [project('browser', BROWSER, {})] : []),
      // After all others: it keeps the machine busy, and everybody's clocks with it.
      project('chaos', CHAOS, {}, { groupOrder: 1 }),
    ],
  },
})
