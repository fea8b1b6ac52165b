import { type ClientRequest, get, type IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJob } from '../../src/ledger/new-job.ts'
import { freePort } from '../../src/setup/server-process.ts'
import type { Bench } from './bench.ts'
import { startBenchProcess } from './bench-process.ts'
import contract from './job-types/contracts/bench/noop.ts'
import { lineOf } from './line.ts'
import { percentile } from './samples.ts'
import { type Side, startStores } from './stores.ts'
import { payload } from './work.ts'

const streams = 200
const lookEveryMs = 250
const measuredMs = 10_000
/** A connection that has nothing more to do tells what it did only after 10 s. */
const settleMs = 12_000
const key = 'bench-key-of-nobody-else'

/**
 * Event streams on one process: what 200 of them add to its memory (goal: under 100 MB), how many statements it sends per
 * 250 ms for all of them (goal: one), and how long after a change its event arrives.
 */
export const sse: Bench = async function* sse(options) {
  const stores = await startStores(options.logLevel)
  try {
    const side = await stores.makeSide('streams')
    const port = await freePort()
    const env = {
      ...side.env,
      HOST: '127.0.0.1',
      PORT: String(port),
      API_KEYS_BOOTSTRAP: key,
      API_KEY_REQUESTS_PER_MINUTE: '100000',
    }
    const intake = await startBenchProcess('intake', env, options.profileFolder)
    const jobs = Array.from({ length: streams }, () => newJob(contract, payload()))
    await acceptJobs(side.database.run, jobs)
    const ids = jobs.map(({ id }) => id)
    const idle: number[] = []
    const busy: number[] = []
    let idleMb = Number.NaN
    const tookMs: number[] = []
    for (let round = 0; round < options.rounds; round++) {
      options.say(`round ${round + 1}: without streams`)
      idle.push(await statementsPerLook(side))
      if (round === 0) idleMb = await intake.peakMb()
      const open = await Promise.all(ids.map(id => openStream(`http://127.0.0.1:${port}/v1/jobs/${id}/events`)))
      options.say(`round ${round + 1}: ${open.length} streams`)
      busy.push(await statementsPerLook(side))
      tookMs.push(...(await changeEach(side, ids, open)))
      for (const stream of open) stream.close()
    }
    const busyMb = await intake.peakMb()
    await intake.stop()
    const settings = { streams, added_mb: busyMb - idleMb, goal_added_mb: 100 }
    const latency = { p50Ms: percentile(tookMs, 0.5), p99Ms: percentile(tookMs, 0.99) }
    yield lineOf({ bench: 'sse/memory', unit: 'MB', settings }, [busyMb], [idleMb])
    const perLook = busy.map((count, index) => count - (idle[index] ?? Number.NaN))
    const unit = `statements/${lookEveryMs} ms`
    const goal = perLook.map(() => 1)
    yield lineOf({ bench: 'sse/statements', unit, settings: { streams }, ...latency }, perLook, goal)
  } finally {
    await stores.stop()
  }
}

/** Transactions of the side's database in each {@link lookEveryMs}; ours are one statement each. */
async function statementsPerLook({ database: { knex } }: Side): Promise<number> {
  await delay(settleMs)
  const count = async () => {
    const { rows } = await knex.raw<{ rows: { count: string }[] }>(
      'select xact_commit as count from pg_stat_database where datname = current_database()',
    )
    return Number(rows[0]?.count)
  }
  const before = await count()
  await delay(measuredMs)
  return ((await count()) - before) / (measuredMs / lookEveryMs)
}

interface OpenStream {
  /** Resolves when the next event is here. */
  next(): Promise<void>
  close(): void
}

async function openStream(url: string): Promise<OpenStream> {
  let request: ClientRequest | undefined
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request = get(url, { agent: false, headers: { authorization: `Bearer ${key}` } }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`a stream was answered ${response.statusCode}`)
  // Events that nobody has waited for yet, and those who wait for one.
  let ready = 0
  const waiting: (() => void)[] = []
  response.on('data', chunk => {
    ready += String(chunk).split('\nevent: ').length - 1
    while (ready > 0 && waiting.length > 0) {
      ready -= 1
      waiting.shift()?.()
    }
  })
  const stream: OpenStream = {
    async next() {
      if (ready > 0) ready -= 1
      else await new Promise<void>(resolve => waiting.push(resolve))
    },
    close: () => request?.destroy(),
  }
  await stream.next()
  return stream
}

/** From the commit of each change to its event, ms. */
async function changeEach({ database: { knex } }: Side, ids: readonly string[], open: readonly OpenStream[]) {
  return await Promise.all(
    ids.map(async (id, index) => {
      await delay((index * measuredMs) / ids.length)
      const changed = { attempts: knex.raw('attempts + 1'), changed_at: knex.fn.now() }
      await knex('hbnb_jobs.job_live').where({ id }).update(changed)
      const committedMs = performance.now()
      await open[index]?.next()
      return performance.now() - committedMs
    }),
  )
}
