import { pino } from 'pino'
import { Registry } from 'prom-client'
import type { Config } from '../../src/config/load.ts'
import type { JobType } from '../../workers/runtime/process.ts'
import { type StartedWorkers, startWorkers } from '../../workers/start-workers.ts'
import { startEngine, type TestEngine } from './engine.ts'
import { type Proxy, startProxy } from './proxy.ts'

/** An engine whose workers reach their database, or their queue, only through a proxy; its relay and the test do not. */
export interface EngineBehindProxy extends TestEngine {
  readonly proxy: Proxy
  readonly workers: StartedWorkers
}

/** Stays within what a test may take, also when a job never ends. */
const shutdownDeadlineMs = 2_000

export async function startEngineBehindProxy(
  types: readonly JobType[],
  behind: 'database' | 'queue' = 'database',
): Promise<EngineBehindProxy> {
  const engine = await startEngine(types)
  await engine.stopWorkers()
  const direct = { ...engine.config, limits: { ...engine.config.limits, shutdownDeadlineMs } }
  const proxy = await startProxy(direct[behind].url)
  const config: Config = { ...direct, [behind]: { ...direct[behind], url: proxy.url } }
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' })
  const workers = await startWorkers(types, { config, log, registry: new Registry() }, () => {})
  return {
    ...engine,
    proxy,
    workers,
    async close() {
      proxy.restore()
      await workers.stop()
      await engine.close()
      await proxy.close()
    },
  }
}
