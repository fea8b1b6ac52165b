import type { Logger } from 'pino'
import { Counter, type Registry } from 'prom-client'
import type { Catalog } from '../../queues/catalog.ts'
import type { Config } from '../config/load.ts'
import { connectDatabase } from '../db/connect.ts'
import { openQueueBackend } from '../queue/backend.ts'
import { declareJobTypes } from './job-types.ts'
import { everySoOften } from './loop.ts'
import { crashedAfterMs, registerProcess } from './processes.ts'
import { openControls } from './relay/controls.ts'
import { markQueues } from './relay/rebuild.ts'
import { openRelay } from './relay/relay.ts'
import { takeProbes } from './settings.ts'
import { steadyView } from './steady-view.ts'
import { sweepLostCopies } from './sweep.ts'
import { sweepCrashes, sweepStragglers } from './sweep-crashes.ts'
import { listenForWakes } from './wake.ts'

const lookEveryMs = 200
const markEveryMs = 1_000
const sweepEveryMs = 1_000
const stragglersEveryMs = 30_000
const lostCopiesEveryMs = 5_000

/** Starts the relay of this process: due rows into their queues, and the sweeps. Answers how to stop it. */
export async function startRelay(
  catalog: Catalog,
  { config, log, registry }: { config: Config; log: Logger; registry: Registry },
): Promise<{ readonly stop: () => Promise<void> }> {
  const { run, knex, close } = connectDatabase(config.database.url, {
    poolMax: config.database.poolMax,
    name: 'hbnb-jobs-relay',
  })
  const backend = openQueueBackend(config.queue)
  await backend.check()
  await declareJobTypes(run, catalog)
  const registered = await registerProcess(run, 'relay', {
    onMissed: error => log.warn({ err: error }, 'heartbeat missed'),
  })
  const relayed = new Counter({
    name: 'hbnb_jobs_relayed_total',
    help: 'Jobs moved from the ledger into their queues.',
    registers: [registry],
  })
  const say = (what: string) => (error: unknown) => log.warn({ err: error }, `${what} failed; it is tried again`)

  const controls = openControls(run, backend, catalog)
  const { pass, probe } = openRelay(run, backend, catalog, controls.isHeld)
  const relay = everySoOften(lookEveryMs, say('relaying'), async () => {
    const moved = await pass()
    relayed.inc(moved)
    return moved > 0
  })
  const mark = everySoOften(markEveryMs, say('marking the queues'), async () => {
    if (await controls.refresh()) relay.wake()
    await probe(await takeProbes(run))
    const rebuilt = await markQueues(knex, run, backend, [...catalog.keys()], controls.reapply)
    if (rebuilt.size > 0) {
      log.warn({ rebuilt: Object.fromEntries(rebuilt) }, 'queues had lost jobs and were rebuilt from the ledger')
      relay.wake()
    }
    return false
  })
  const steady = steadyView()
  const sweep = everySoOften(sweepEveryMs, say('sweeping'), async () => {
    const swept = await sweepCrashes(run, { mayJudge: steady.forMs() > crashedAfterMs })
    steady.seen()
    if (Object.values(swept).some(count => count > 0)) log.warn(swept, 'swept')
    if (swept.freedJobs > 0) relay.wake()
    return false
  })
  const stragglers = everySoOften(stragglersEveryMs, say('looking for stragglers'), async () => {
    const freed = await sweepStragglers(run)
    if (freed > 0) log.warn({ freed }, 'jobs of a process that had ended before were taken back')
    return false
  })
  const lost = everySoOften(lostCopiesEveryMs, say('looking for lost copies'), async () => {
    const found = await sweepLostCopies(run, backend)
    if (found > 0) log.warn({ found }, 'copies lost by the queue were taken back')
    return false
  })
  const wakes = listenForWakes(config.database.directUrl, relay.wake)
  log.info({ process: registered.id, queue: backend.kind, jobs: catalog.size }, 'relay started')

  return {
    async stop() {
      await Promise.all([wakes.close(), relay.stop(), mark.stop(), sweep.stop(), stragglers.stop(), lost.stop()])
      await registered.end()
      await backend.close()
      await close()
    },
  }
}
