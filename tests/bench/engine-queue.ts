import { newJob } from '../../src/ledger/new-job.ts'
import { enqueueDirect } from '../../src/queue/enqueue-direct.ts'
import type { BenchOptions } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import contract from './job-types/contracts/bench/direct.ts'
import { type Line, lineOf } from './line.ts'
import { startedAtLeast } from './started.ts'
import type { Side } from './stores.ts'
import { addMany, inBatches, payload, queueDrained } from './work.ts'

const defaultJobs = 20_000
const warmUpJobs = 2_000
/** Until so many have been started nothing is counted: processes boot and code gets warm. */
const runUpShare = 0.2

/**
 * A job that lives in the queue alone through the whole runtime, against a bare BullMQ worker: both empty a queue that was
 * filled before. Goal: 0.85.
 */
export async function queueLine(
  ours: Side,
  bare: Side,
  { jobs = defaultJobs, rounds, logLevel, say }: BenchOptions,
): Promise<Line> {
  const rates = { ours: [] as number[], bare: [] as number[] }
  const peaks: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const count = round === 0 ? warmUpJobs : jobs
    const direct = await drain(ours, 'worker', contract.name, count, size =>
      enqueueDirect(
        ours.backend,
        contract,
        Array.from({ length: size }, () => newJob(contract, payload())),
      ),
    )
    const alone = await drain(bare, 'bare-worker', bare.queue.name, count, size => addMany(bare, size))
    say(`engine/queue round ${round}: ours ${direct.perSecond.toFixed(0)}/s, bare ${alone.perSecond.toFixed(0)}/s`)
    if (round === 0) continue
    rates.ours.push(direct.perSecond)
    rates.bare.push(alone.perSecond)
    peaks.push(direct.peakMb)
  }
  const settings = { jobs, payloadBytes: 1_024, concurrency: contract.concurrency.perProcess, logLevel }
  return lineOf({ bench: 'engine/queue', unit: 'jobs/s', peakMb: Math.max(...peaks), settings }, rates.ours, rates.bare)
}

/** Fills the queue, then starts one worker and follows it until the queue is empty. */
async function drain(
  side: Side,
  entry: 'worker' | 'bare-worker',
  name: string,
  jobs: number,
  add: (size: number) => Promise<void>,
): Promise<{ perSecond: number; peakMb: number }> {
  await inBatches(jobs, add)
  const worker: BenchProcess = await startBenchProcess(entry, side.env)
  try {
    const first = await startedAtLeast(worker, jobs * runUpShare)
    await queueDrained(side.backend.queue(name))
    const seconds = (performance.now() - first.atMs) / 1_000
    return { perSecond: (jobs - first.started) / seconds, peakMb: await worker.peakMb() }
  } finally {
    await worker.stop()
  }
}
