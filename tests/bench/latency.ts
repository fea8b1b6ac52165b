import { setTimeout as delay } from 'node:timers/promises'
import type { Bench, BenchOptions } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import { type Line, lineOf } from './line.ts'
import { median, percentile } from './samples.ts'
import { type Side, startStores } from './stores.ts'
import { acceptOneOf, addOneOf, ledgerDrained, queueDrained } from './work.ts'

const ratesPerSecond = [100, 500, 2_000] as const
const measuredMs = 4_000
/** Not counted: first statements are planned, first connections opened. */
const warmUpMs = 1_500
const tickMs = 2

interface Sample {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly started: number
}

/** From the call that accepts a job to its start in a worker, at steady rates, against BullMQ alone. */
export const latency: Bench = async function* latency(options) {
  const stores = await startStores(options.logLevel)
  try {
    const [ours, bare] = [await stores.makeSide('ours'), await stores.makeSide('bare')]
    for (const perSecond of ratesPerSecond) yield await latencyLine(ours, bare, perSecond, options)
  } finally {
    await stores.stop()
  }
}

async function latencyLine(
  ours: Side,
  bare: Side,
  perSecond: number,
  { rounds, logLevel, say }: BenchOptions,
): Promise<Line> {
  const samples = { ours: [] as Sample[], bare: [] as Sample[] }
  const peaks: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const engine = await sampleOurs(ours, perSecond)
    const alone = await sampleBare(bare, perSecond)
    samples.ours.push(engine.sample)
    samples.bare.push(alone)
    peaks.push(engine.peakMb)
    say(
      `latency at ${perSecond}/s round ${round}: ours p50 ${engine.sample.p50Ms.toFixed(1)} p99 ${engine.sample.p99Ms.toFixed(1)} ms, ` +
        `bare p50 ${alone.p50Ms.toFixed(1)} p99 ${alone.p99Ms.toFixed(1)} ms`,
    )
  }
  const p99 = (list: readonly Sample[]) => list.map(({ p99Ms }) => p99Ms)
  const p50 = (list: readonly Sample[]) => median(list.map(({ p50Ms }) => p50Ms))
  return lineOf(
    {
      bench: `latency/${perSecond}`,
      unit: 'ms (p99)',
      p50Ms: p50(samples.ours),
      p99Ms: median(p99(samples.ours)),
      peakMb: Math.max(...peaks),
      settings: {
        perSecond,
        seconds: measuredMs / 1_000,
        otherP50Ms: p50(samples.bare).toFixed(2),
        fsync: true,
        logLevel,
      },
    },
    p99(samples.ours),
    p99(samples.bare),
  )
}

async function sampleOurs(side: Side, perSecond: number): Promise<{ sample: Sample; peakMb: number }> {
  const relay = await startBenchProcess('relay', side.env)
  const worker = await startBenchProcess('worker', side.env)
  try {
    const sample = await steady(worker, acceptOneOf(side), perSecond)
    await ledgerDrained(side)
    return { sample, peakMb: (await relay.peakMb()) + (await worker.peakMb()) }
  } finally {
    await Promise.all([worker.stop(), relay.stop()])
  }
}

async function sampleBare(side: Side, perSecond: number): Promise<Sample> {
  const worker = await startBenchProcess('bare-worker', side.env)
  try {
    const sample = await steady(worker, addOneOf(side), perSecond)
    await queueDrained(side.queue)
    return sample
  } finally {
    await worker.stop()
  }
}

async function steady(worker: BenchProcess, one: () => Promise<void>, perSecond: number): Promise<Sample> {
  await paced(one, perSecond, warmUpMs)
  await worker.samples()
  await paced(one, perSecond, measuredMs)
  const { waitedMs } = await worker.samples()
  return { p50Ms: percentile(waitedMs, 0.5), p99Ms: percentile(waitedMs, 0.99), started: waitedMs.length }
}

/** Calls `one` at a steady rate and resolves when all calls have. */
async function paced(one: () => Promise<void>, perSecond: number, forMs: number): Promise<void> {
  const startedMs = performance.now()
  const calls: Promise<void>[] = []
  const all = Math.round((perSecond * forMs) / 1_000)
  while (calls.length < all) {
    const due = Math.min(all, Math.floor(((performance.now() - startedMs) * perSecond) / 1_000))
    while (calls.length < due) calls.push(one())
    await delay(tickMs)
  }
  await Promise.all(calls)
}
