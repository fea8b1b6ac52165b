import type { Bench, BenchOptions } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import { cpuMsOf, storeCpuMs } from './cpu-time.ts'
import { freePort } from './free-port.ts'
import { type Answered, askAsFastAsPossible, askAtRate } from './http-load.ts'
import contract from './job-types/contracts/bench/noop.ts'
import { type Line, lineOf } from './line.ts'
import { median, percentile } from './samples.ts'
import { type Side, startStores } from './stores.ts'
import { addMany, payload } from './work.ts'

const connections = 64
const measuredMs = 4_000
/** Not counted: code is compiled, statements are planned, connections opened. */
const warmUpMs = 2_000
const ratePerSecond = 1_000
const defaultBulkJobs = 20_000
/** Below the 10 MiB of one request. */
const linesPerRequest = 8_000
const key = 'bench-key-of-nobody-else'

/** A door to one side. */
interface Door {
  readonly side: Side
  readonly url: string
  readonly process: BenchProcess
}

/**
 * The door: single jobs with everything on and the row committed, against bare Express and `queue.add` (goal 1.0); the same
 * with an Idempotency-Key; many jobs as NDJSON against bare `addBulk` without any HTTP (goal 0.8); and latency at 1,000/s.
 */
export const intake: Bench = async function* intake(options) {
  const stores = await startStores(options.logLevel)
  const doors: Door[] = []
  try {
    const ours = await openDoor(await stores.makeSide('ours'), 'intake', options)
    doors.push(ours)
    const bare = await openDoor(await stores.makeSide('bare'), 'bare-intake', options)
    doors.push(bare)
    for (const door of doors) await press(door, plain, warmUpMs)
    yield await singleLine('intake/single', ours, bare, plain, options)
    yield await singleLine('intake/single-keyed', ours, bare, keyed, options)
    yield await bulkLine('intake/bulk', ours, bare, '', options)
    yield await bulkLine('intake/bulk-keyed', ours, bare, 'key', options)
    yield await rateLine(ours, bare, options)
  } finally {
    await Promise.all(doors.map(({ process }) => process.stop()))
    await stores.stop()
  }
}

async function openDoor(side: Side, entry: 'intake' | 'bare-intake', { profileFolder }: BenchOptions): Promise<Door> {
  const port = await freePort()
  const env = {
    ...side.env,
    HOST: '127.0.0.1',
    PORT: String(port),
    API_KEYS_BOOTSTRAP: key,
    API_KEY_REQUESTS_PER_MINUTE: '10000000',
  }
  const process = await startBenchProcess(entry, env, profileFolder)
  return { side, url: `http://127.0.0.1:${port}`, process }
}

type MakeRequest = () => string
let requests = 0

function request(more: string): string {
  const body = JSON.stringify(payload())
  return (
    `POST /v1/jobs/${contract.name} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${key}\r\n` +
    `content-type: application/json\r\ncontent-length: ${body.length}\r\n${more}\r\n${body}`
  )
}
const plain: MakeRequest = () => request('')
const keyed: MakeRequest = () => {
  requests += 1
  return request(`idempotency-key: bench-${requests}\r\n`)
}

/** CPU time of a door and its stores during some work, in microseconds for each of its requests. */
async function cpuUsDuring<T>({ side, process }: Door, work: () => Promise<T>, count: (done: T) => number) {
  const before = (await cpuMsOf(process.pid)) + (await storeCpuMs(side))
  const done = await work()
  const usedMs = (await cpuMsOf(process.pid)) + (await storeCpuMs(side)) - before
  return { done, cpuUs: (usedMs * 1_000) / count(done) }
}

const press = ({ url }: Door, make: MakeRequest, forMs = measuredMs): Promise<Answered> =>
  askAsFastAsPossible(url, make, { connections, forMs })

async function singleLine(
  bench: string,
  ours: Door,
  bare: Door,
  make: MakeRequest,
  { rounds, logLevel, say }: BenchOptions,
): Promise<Line> {
  const rates = { ours: [] as number[], bare: [] as number[] }
  const cpu = { ours: [] as number[], bare: [] as number[] }
  const tookMs: number[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const mine = await cpuUsDuring(
      ours,
      () => press(ours, make),
      ({ tookMs: all }) => all.length,
    )
    const theirs = await cpuUsDuring(
      bare,
      () => press(bare, plain),
      ({ tookMs: all }) => all.length,
    )
    rates.ours.push(mine.done.perSecond)
    rates.bare.push(theirs.done.perSecond)
    cpu.ours.push(mine.cpuUs)
    cpu.bare.push(theirs.cpuUs)
    tookMs.push(...mine.done.tookMs)
    say(
      `${bench} round ${round}: ours ${mine.done.perSecond.toFixed(0)}/s ${mine.cpuUs.toFixed(0)} us of CPU each, ` +
        `bare ${theirs.done.perSecond.toFixed(0)}/s ${theirs.cpuUs.toFixed(0)} us`,
    )
    await empty(ours, bare)
  }
  return lineOf(
    {
      bench,
      unit: 'requests/s',
      p50Ms: percentile(tookMs, 0.5),
      p99Ms: percentile(tookMs, 0.99),
      peakMb: await ours.process.peakMb(),
      settings: { connections, payloadBytes: 1_024, fsync: true, logLevel, ...cpuSettings(cpu) },
    },
    rates.ours,
    rates.bare,
  )
}

function cpuSettings(cpu: { readonly ours: readonly number[]; readonly bare: readonly number[] }) {
  return { oursCpuUs: Math.round(median(cpu.ours)), otherCpuUs: Math.round(median(cpu.bare)) }
}

async function bulkLine(
  bench: string,
  ours: Door,
  bare: Door,
  keys: '' | 'key',
  { jobs = defaultBulkJobs, rounds, logLevel, say }: BenchOptions,
): Promise<Line> {
  const rates = { ours: [] as number[], bare: [] as number[] }
  const cpu = { ours: [] as number[], bare: [] as number[] }
  for (let round = 0; round <= rounds; round += 1) {
    // The first round warms both sides up and is not counted.
    const bodies = bulkBodies(jobs, keys)
    const startedMs = performance.now()
    const mine = await cpuUsDuring(
      ours,
      async () => {
        for (const body of bodies) await stream(ours, body)
        return (jobs / (performance.now() - startedMs)) * 1_000
      },
      () => jobs,
    )
    const bareStartedMs = performance.now()
    const own = process.cpuUsage()
    const redisMs = await storeCpuMs(bare.side)
    await addMany(bare.side, jobs)
    const theirs = (jobs / (performance.now() - bareStartedMs)) * 1_000
    const { user, system } = process.cpuUsage(own)
    const theirCpuUs = (user + system + ((await storeCpuMs(bare.side)) - redisMs) * 1_000) / jobs
    say(
      `${bench} round ${round}: ours ${mine.done.toFixed(0)}/s ${mine.cpuUs.toFixed(0)} us of CPU each, ` +
        `bare ${theirs.toFixed(0)}/s ${theirCpuUs.toFixed(0)} us`,
    )
    await empty(ours, bare)
    if (round === 0) continue
    rates.ours.push(mine.done)
    rates.bare.push(theirs)
    cpu.ours.push(mine.cpuUs)
    cpu.bare.push(theirCpuUs)
  }
  const settings = { jobs, payloadBytes: 1_024, linesPerRequest, fsync: true, logLevel, ...cpuSettings(cpu) }
  return lineOf({ bench, unit: 'jobs/s', peakMb: await ours.process.peakMb(), settings }, rates.ours, rates.bare)
}

function bulkBodies(jobs: number, keys: '' | 'key'): string[] {
  const bodies: string[] = []
  for (let left = jobs; left > 0; left -= linesPerRequest) {
    const lines = Array.from({ length: Math.min(left, linesPerRequest) }, () => {
      requests += 1
      return JSON.stringify({
        name: contract.name,
        payload: payload(),
        ...(keys === '' ? {} : { key: `bulk-${requests}` }),
      })
    })
    bodies.push(`${lines.join('\n')}\n`)
  }
  return bodies
}

async function stream({ url }: Door, body: string): Promise<void> {
  const response = await fetch(`${url}/v1/jobs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body,
  })
  const text = await response.text()
  const sum = text.slice(text.lastIndexOf('\n', text.length - 2) + 1)
  if (!sum.includes('"refused":0') || !sum.includes('"done":true')) throw new Error(`not all was accepted: ${sum}`)
}

async function rateLine(ours: Door, bare: Door, { rounds, logLevel, say }: BenchOptions): Promise<Line> {
  const p99 = { ours: [] as number[], bare: [] as number[] }
  const p50: number[] = []
  const how = { connections, forMs: measuredMs, perSecond: ratePerSecond }
  for (let round = 1; round <= rounds; round += 1) {
    const mine = await askAtRate(ours.url, plain, how)
    const theirs = await askAtRate(bare.url, plain, how)
    p99.ours.push(percentile(mine.tookMs, 0.99))
    p99.bare.push(percentile(theirs.tookMs, 0.99))
    p50.push(percentile(mine.tookMs, 0.5))
    say(
      `intake/rate round ${round}: p99 ours ${p99.ours.at(-1)?.toFixed(1)} ms, bare ${p99.bare.at(-1)?.toFixed(1)} ms`,
    )
    await empty(ours, bare)
  }
  return lineOf(
    {
      bench: `intake/p99 at ${ratePerSecond}/s`,
      unit: 'ms',
      p50Ms: median(p50),
      p99Ms: median(p99.ours),
      settings: { connections, fsync: true, logLevel },
    },
    p99.ours,
    p99.bare,
  )
}

/** Rounds begin alike: nobody drains, so what waits would grow. */
async function empty(ours: Door, bare: Door): Promise<void> {
  await ours.side.database.knex.raw('truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.idempotency_keys')
  await bare.side.redis.flushall()
}
