import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Catalog } from '../../queues/catalog.ts'
import { startAlerts } from '../alerts/start-alerts.ts'
import type { Config } from '../config/load.ts'
import { connectDatabase } from '../db/connect.ts'
import { ledgerMetrics } from '../observability/ledger-metrics.ts'
import { relayMetrics } from '../observability/relay-metrics.ts'
import { openQueueBackend } from '../queue/backend.ts'
import { declareJobTypes } from './job-types.ts'
import { everySoOften } from './loop.ts'
import { registerProcess } from './processes.ts'
import { openControls } from './relay/controls.ts'
import { connectWithPinnedPlans } from './relay/pinned-plans.ts'
import { markQueues } from './relay/rebuild.ts'
import { openRelay } from './relay/relay.ts'
import { startScheduler } from './schedules/start-scheduler.ts'
import { takeProbes } from './settings.ts'
import { sweepLoops } from './sweep-loops.ts'
import { listenForWakes } from './wake.ts'

const lookEveryMs = 200
const markEveryMs = 1_000

/** Starts the relay of this process: due rows into their queues, schedules, sweeps. Answers how to stop it. */
export async function startRelay(
  catalog: Catalog,
  { config, log, registry }: { config: Config; log: Logger; registry: Registry },
): Promise<{ readonly stop: () => Promise<void> }> {
  const { run, knex, close } = connectDatabase(config.database.url, {
    poolMax: config.database.poolMax,
    name: 'hbnb-jobs-relay',
  })
  const pinned = connectWithPinnedPlans(config.database.url)
  const backend = openQueueBackend(config.queue)
  await backend.check()
  await declareJobTypes(run, catalog)
  const registered = await registerProcess(run, 'relay', {
    onMissed: error => log.warn({ err: error }, 'heartbeat missed'),
  })
  const metrics = relayMetrics(registry)
  ledgerMetrics(registry, run)
  const say = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed; it is tried again`)

  const controls = openControls(run, backend, catalog)
  const { pass, probe } = openRelay(pinned.run, backend, catalog, controls.isHeld)
  const relay = everySoOften(lookEveryMs, say('relaying'), async () => {
    const startedMs = performance.now()
    const moved = await pass()
    metrics.passed({ moved, tookMs: performance.now() - startedMs })
    return moved > 0
  })
  const mark = everySoOften(markEveryMs, say('marking the queues'), async () => {
    if (await controls.refresh()) relay.wake()
    await probe(await takeProbes(run))
    const rebuilt = await markQueues(knex, run, backend, [...catalog.keys()], controls.reapply)
    if (rebuilt.size > 0) {
      log.warn({ rebuilt: Object.fromEntries(rebuilt) }, 'queues had lost jobs and were rebuilt from the ledger')
      metrics.rebuilt(rebuilt.size)
      relay.wake()
    }
    return false
  })
  const sweeps = sweepLoops({
    run,
    knex,
    backend,
    log,
    metrics,
    onFreed: relay.wake,
    inboxDays: config.inbox.keptDays,
  })
  const scheduler = startScheduler({ run, knex, catalog, log, registry })
  const alerts = startAlerts({ config, run, log })
  const wakes = listenForWakes(config.database.directUrl, relay.wake)
  log.info({ process: registered.id, queue: backend.kind, jobs: catalog.size }, 'relay started')

  return {
    async stop() {
      await Promise.all([
        wakes.close(),
        scheduler.stop(),
        alerts.stop(),
        ...[relay, mark, ...sweeps].map(loop => loop.stop()),
      ])
      await registered.end()
      await backend.close()
      await pinned.close()
      await close()
    },
  }
}
