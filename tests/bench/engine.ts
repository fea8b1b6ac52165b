import type { Bench, BenchOptions } from './bench.ts'
import { startBenchProcess } from './bench-process.ts'
import { queueLine } from './engine-queue.ts'
import { type Line, lineOf } from './line.ts'
import { type Side, startStores } from './stores.ts'
import { acceptMany, addMany, ledgerDrained, queueDrained } from './work.ts'

const defaultJobs = 20_000
const warmUpJobs = 2_000

/**
 * A no-op job of 1 KB through the whole runtime (accept, relay, claim, outcome; relay and worker in processes of their own)
 * against BullMQ alone with the same payload, work and concurrency: jobs per second from the first accept to the last
 * outcome, accepting and draining at the same time. Goal: 0.60 with durability `ledger`.
 */
export const engine: Bench = async function* engine(options) {
  const stores = await startStores(options.logLevel)
  try {
    const [ours, bare] = [await stores.makeSide('ours'), await stores.makeSide('bare')]
    yield await ledgerLine(ours, bare, options)
    yield await queueLine(ours, bare, options)
  } finally {
    await stores.stop()
  }
}

async function ledgerLine(
  ours: Side,
  bare: Side,
  { jobs = defaultJobs, rounds, logLevel, profileFolder, say }: BenchOptions,
): Promise<Line> {
  const rates = { ours: [] as number[], bare: [] as number[] }
  const peaks: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    // The first round warms both sides up and is not counted.
    const count = round === 0 ? warmUpJobs : jobs
    const isLast = round === rounds
    const engineRun = await runOurs(ours, count, isLast ? profileFolder : undefined)
    const bareRate = await runBare(bare, count)
    say(`engine/ledger round ${round}: ours ${engineRun.perSecond.toFixed(0)}/s, bare ${bareRate.toFixed(0)}/s`)
    if (round === 0) continue
    rates.ours.push(engineRun.perSecond)
    rates.bare.push(bareRate)
    peaks.push(engineRun.peakMb)
  }
  const settings = { jobs, payloadBytes: 1_024, concurrency: 100, fsync: true, logLevel }
  return lineOf(
    { bench: 'engine/ledger', unit: 'jobs/s', peakMb: Math.max(...peaks), settings },
    rates.ours,
    rates.bare,
  )
}

/** Relay and worker start before the clock does: their boot is not what is measured. */
async function runOurs(
  side: Side,
  jobs: number,
  profileFolder: string | undefined,
): Promise<{ perSecond: number; peakMb: number }> {
  const relay = await startBenchProcess('relay', side.env, profileFolder)
  const worker = await startBenchProcess('worker', side.env, profileFolder)
  try {
    const startedMs = performance.now()
    await acceptMany(side, jobs)
    await ledgerDrained(side)
    const perSecond = (jobs / (performance.now() - startedMs)) * 1_000
    return { perSecond, peakMb: (await relay.peakMb()) + (await worker.peakMb()) }
  } finally {
    await Promise.all([worker.stop(), relay.stop()])
  }
}

async function runBare(side: Side, jobs: number): Promise<number> {
  const worker = await startBenchProcess('bare-worker', side.env)
  try {
    const startedMs = performance.now()
    await addMany(side, jobs)
    await queueDrained(side.queue)
    return (jobs / (performance.now() - startedMs)) * 1_000
  } finally {
    await worker.stop()
  }
}
