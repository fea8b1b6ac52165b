import { setTimeout as delay } from 'node:timers/promises'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import type { Bench } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import { fillTo } from './fill.ts'
import contract from './job-types/contracts/bench/wait.ts'
import { lineOf } from './line.ts'
import { median, nowMs } from './samples.ts'
import { type Side, startStores } from './stores.ts'
import { untilTrue } from './work.ts'

const crowdJobs = 100_000
const samplesPerRound = 20
/** What a call of a provider takes. A job that does nothing would measure the machine, which is busy with the crowd. */
const workMs = 100
/** Between two samples, so that they meet the crowd at different moments. */
const pausesMs = [13, 47, 101] as const
const crowdUnderWay = 100

/**
 * One tenant has 100,000 jobs waiting while another's single job comes: from its accept to the end of its work, against the
 * same with nobody else there. Goal: at most 2.
 */
export const fairness: Bench = async function* fairness({ jobs = crowdJobs, rounds, logLevel, say }) {
  const stores = await startStores(logLevel)
  try {
    const [crowded, alone] = [await stores.makeSide('crowded'), await stores.makeSide('alone')]
    const took = { crowded: [] as number[][], alone: [] as number[][] }
    for (let round = 1; round <= rounds; round += 1) {
      await fillTo(crowded, contract, { sent_ms: 0, wait_ms: workMs, tag: 'crowd' }, jobs, say)
      took.crowded.push(await singles(crowded, true))
      took.alone.push(await singles(alone, false))
      say(
        `fairness round ${round}: ${textOf(took.crowded.at(-1))} beside the crowd, ${textOf(took.alone.at(-1))} alone`,
      )
    }
    const settings = { crowd: jobs, workMs, concurrency: contract.concurrency.perProcess, samplesPerRound, logLevel }
    for (const [what, of] of [['median', median] as const, ['max', most] as const]) {
      yield lineOf({ bench: `fairness/${what}`, unit: 'ms', settings }, took.crowded.map(of), took.alone.map(of))
    }
  } finally {
    await stores.stop()
  }
}

const most = (values: readonly number[]): number => Math.max(...values)

function textOf(values: readonly number[] = []): string {
  return `median ${median(values).toFixed(0)} ms, max ${most(values).toFixed(0)} ms`
}

async function singles(side: Side, hasCrowd: boolean): Promise<number[]> {
  const worker = await startBenchProcess('worker', side.env)
  const relay = await startBenchProcess('relay', side.env)
  try {
    if (hasCrowd) await crowdRuns(side)
    // The first pays for connections and plans.
    await single(side, worker)
    const took: number[] = []
    for (let sample = 0; sample < samplesPerRound; sample += 1) {
      await delay(pausesMs[sample % pausesMs.length])
      took.push(await single(side, worker))
    }
    return took
  } finally {
    await Promise.all([worker.stop(), relay.stop()])
  }
}

async function crowdRuns({ database }: Side): Promise<void> {
  const started = async () => {
    const [row] = await database.knex('hbnb_jobs.job_outcomes').count<{ count: string }[]>('* as count')
    return Number(row?.count)
  }
  const before = await started()
  await untilTrue(async () => (await started()) >= before + crowdUnderWay)
}

async function single({ database }: Side, worker: BenchProcess): Promise<number> {
  const payload = { sent_ms: nowMs(), wait_ms: workMs, tag: 'single' } as const
  await acceptJobs(database.run, [newJob(contract, payload, { tenant: 'single' })])
  let waitedMs: number[] = []
  await untilTrue(async () => {
    waitedMs = (await worker.samples()).waitedMs
    return waitedMs.length > 0
  })
  return waitedMs[0] ?? Number.NaN
}
