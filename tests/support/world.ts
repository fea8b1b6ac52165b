import { loadCatalog } from '../../queues/catalog.ts'
import { domains } from '../../src/config/domains.ts'
import { sandboxControl } from '../../src/sandbox/control-client.ts'
import { startSandbox } from '../../src/sandbox/start-sandbox.ts'
import { loadJobTypes } from '../../workers/load-job-types.ts'
import type { JobType } from '../../workers/runtime/process.ts'
import { startEngine, type TestEngine } from './engine.ts'

/** The real jobs on a real engine, with the sandbox as the outside world. */
export interface World extends TestEngine {
  readonly control: ReturnType<typeof sandboxControl>
  readonly types: readonly JobType[]
  contract(name: string): JobType['contract']
}

export async function startWorld(env: Record<string, string> = {}): Promise<World> {
  const sandbox = await startSandbox()
  const catalog = await loadCatalog()
  const types = await loadJobTypes(catalog, domains)
  const engine = await startEngine(types, { SANDBOX_URL: sandbox.url, ...env })
  return {
    ...engine,
    types,
    control: sandboxControl(sandbox.url),
    contract(name) {
      const contract = catalog.get(name)
      if (!contract) throw new Error(`no contract ${name}`)
      return contract
    },
    async close() {
      await engine.close()
      await sandbox.close()
    },
  }
}
