import type { Bench, BenchOptions } from './bench.ts'
import { startBenchProcess } from './bench-process.ts'
import { fillTo } from './fill.ts'
import contract from './job-types/contracts/bench/noop.ts'
import { type Line, lineOf } from './line.ts'
import { median } from './samples.ts'
import { startedAtLeast } from './started.ts'
import { type Side, startStores } from './stores.ts'
import { acceptMany, ledgerDrained, payload } from './work.ts'

const defaultJobs = 10_000
const depths = [100_000, 1_000_000] as const
const runUpShare = 0.2
const bytesPerMb = 1_048_576

/** More than any window holds: a relay whose ledger is empty has stopped working while its worker goes on. */
const moreThanMeasured = 10_000

/**
 * Accepting and draining with many due jobs waiting, against accepting with none and draining with a window more than is
 * measured; and what of it Redis holds. Goal: 0.9.
 */
export const growth: Bench = async function* growth(options) {
  const stores = await startStores(options.logLevel)
  try {
    const [deep, empty] = [await stores.makeSide('deep'), await stores.makeSide('flat')]
    for (const depth of depths) yield* growthLines(deep, empty, depth, options)
  } finally {
    await stores.stop()
  }
}

async function* growthLines(
  deep: Side,
  empty: Side,
  depth: number,
  options: BenchOptions,
): AsyncGenerator<Line, void, undefined> {
  const { jobs = defaultJobs, rounds, logLevel, say } = options
  const accepts = { deep: [] as number[], empty: [] as number[] }
  const drains = { deep: [] as number[], empty: [] as number[] }
  const memory: { keys: number; mb: number }[] = []
  const peaks: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    await fillTo(deep, contract, payload(), depth, say)
    // Who goes first finds the disk less busy, or busier: each side does in turn.
    const inTurn = async (one: () => Promise<void>, other: () => Promise<void>) => {
      const [first, second] = round % 2 === 1 ? [one, other] : [other, one]
      await first()
      await second()
    }
    await inTurn(
      async () => void accepts.deep.push(await acceptRate(deep, jobs)),
      async () => void accepts.empty.push(await acceptRate(empty, jobs)),
    )
    await fillTo(empty, contract, payload(), jobs + moreThanMeasured, say)
    await inTurn(
      async () => {
        const { perSecond, keys, redisMb, peakMb } = await drainRate(deep, jobs)
        drains.deep.push(perSecond)
        memory.push({ keys, mb: redisMb })
        peaks.push(peakMb)
      },
      async () => void drains.empty.push((await drainRate(empty, jobs)).perSecond),
    )
    const held = memory.at(-1)
    await startedEmpty(empty)
    await empty.queue.obliterate({ force: true })
    say(
      `growth ${depth} round ${round}: accept ${accepts.deep.at(-1)?.toFixed(0)}/${accepts.empty.at(-1)?.toFixed(0)} per s, ` +
        `drain ${drains.deep.at(-1)?.toFixed(0)}/${drains.empty.at(-1)?.toFixed(0)} per s, Redis ${held?.keys} keys ${held?.mb.toFixed(1)} MB`,
    )
  }
  const settings = { jobs, waiting: depth, fsync: true, logLevel }
  yield lineOf({ bench: `growth/accept/${depth}`, unit: 'jobs/s', settings }, accepts.deep, accepts.empty)
  const redis = {
    redisKeys: median(memory.map(({ keys }) => keys)),
    redisMb: Number(median(memory.map(({ mb }) => mb)).toFixed(1)),
  }
  yield lineOf(
    { bench: `growth/drain/${depth}`, unit: 'jobs/s', peakMb: Math.max(...peaks), settings: { ...settings, ...redis } },
    drains.deep,
    drains.empty,
  )
}

async function acceptRate(side: Side, jobs: number): Promise<number> {
  const startedMs = performance.now()
  await acceptMany(side, jobs)
  return (jobs / (performance.now() - startedMs)) * 1_000
}

interface Drain {
  readonly perSecond: number
  readonly keys: number
  readonly redisMb: number
  readonly peakMb: number
}

/** Jobs started per second once the first fifth of them has, so that nobody's boot is in it. */
async function drainRate(side: Side, jobs: number): Promise<Drain> {
  // Not by FLUSHALL: the relay would take that for the loss it is, and look at every row.
  await side.queue.obliterate({ force: true })
  const worker = await startBenchProcess('worker', side.env)
  const relay = await startBenchProcess('relay', side.env)
  try {
    const first = await startedAtLeast(worker, jobs * runUpShare)
    const last = await startedAtLeast(worker, jobs)
    const perSecond = ((last.started - first.started) / (last.atMs - first.atMs)) * 1_000
    const keys = await side.redis.dbsize()
    const [, used = '0'] = /^used_memory:(\d+)/m.exec(await side.redis.info('memory')) ?? []
    return {
      perSecond,
      keys,
      redisMb: Number(used) / bytesPerMb,
      peakMb: (await relay.peakMb()) + (await worker.peakMb()),
    }
  } finally {
    await Promise.all([worker.stop(), relay.stop()])
    await takeBackAll(side)
  }
}

/** What still sat in the queue goes back to waiting, so that the next round begins as this one did. */
async function takeBackAll({ database }: Side): Promise<void> {
  await database.knex.raw(`update hbnb_jobs.job_live set state = 'accepted' where state = 'queued'`)
}

async function startedEmpty(side: Side): Promise<void> {
  const { rows } = await side.database.knex.raw<{ rows: { open: boolean }[] }>(
    'select exists (select from hbnb_jobs.job_live) as open',
  )
  if (rows[0]?.open !== true) return
  const [worker, relay] = [await startBenchProcess('worker', side.env), await startBenchProcess('relay', side.env)]
  await ledgerDrained(side)
  await Promise.all([worker.stop(), relay.stop()])
}
