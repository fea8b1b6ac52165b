import { Readable } from 'node:stream'
import type { Bench } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import { freePort } from './free-port.ts'
import { lineOf } from './line.ts'
import { type Side, startStores } from './stores.ts'

const defaultUsers = 100_000
/** What a stream is compared with for its memory. */
const shortUsers = 10_000
const rowsPerInsert = 500
const key = 'bench-key-of-nobody-else'

/**
 * One stream of users into the mirror, checked line by line, with versions and progress; against the same rows written by
 * multi-row inserts of 500 without any HTTP, check or version. And whether the process holds more for more lines.
 */
export const sync: Bench = async function* sync({ jobs: users = defaultUsers, rounds, logLevel, profileFolder, say }) {
  const stores = await startStores(logLevel)
  try {
    const [ours, bare] = [await stores.makeSide('ours'), await stores.makeSide('bare')]
    const rates = { ours: [] as number[], bare: [] as number[] }
    const peaks = { short: [] as number[], long: [] as number[] }
    for (let round = 1; round <= rounds; round += 1) {
      const measured = await synced(ours, users, profileFolder)
      rates.ours.push(measured.perSecond)
      peaks.short.push(measured.shortPeakMb)
      peaks.long.push(measured.peakMb)
      rates.bare.push(await inserted(bare, users))
      say(
        `sync round ${round}: ours ${rates.ours.at(-1)?.toFixed(0)}/s, bare ${rates.bare.at(-1)?.toFixed(0)}/s, ` +
          `peak ${measured.shortPeakMb} MB after ${shortUsers}, ${measured.peakMb} MB after ${users}`,
      )
      for (const { database } of [ours, bare]) {
        await database.knex.raw('truncate platform.users, platform.devices, platform.versions, hbnb_jobs.syncs')
      }
    }
    const settings = { users, rowsPerInsert, fsync: true, logLevel }
    yield lineOf({ bench: 'sync/users', unit: 'lines/s', settings }, rates.ours, rates.bare)
    yield lineOf(
      { bench: `sync/peak of ${users} to ${shortUsers}`, unit: 'MB', settings: { logLevel } },
      peaks.long,
      peaks.short,
    )
  } finally {
    await stores.stop()
  }
}

/** A process of its own each time: what it ever held at most is told of its whole life. */
async function synced(
  side: Side,
  users: number,
  profileFolder: string | undefined,
): Promise<{ readonly perSecond: number; readonly shortPeakMb: number; readonly peakMb: number }> {
  const { url, process } = await openIntake(side, profileFolder)
  try {
    await send(url, 'short', shortUsers, 'short')
    const shortPeakMb = await process.peakMb()
    const startedMs = performance.now()
    await send(url, 'long', users, 'long')
    const perSecond = (users / (performance.now() - startedMs)) * 1_000
    return { perSecond, shortPeakMb, peakMb: await process.peakMb() }
  } finally {
    await process.stop()
  }
}

async function openIntake(
  side: Side,
  profileFolder: string | undefined,
): Promise<{ readonly url: string; readonly process: BenchProcess }> {
  const port = await freePort()
  const env = { ...side.env, HOST: '127.0.0.1', PORT: String(port), API_KEYS_BOOTSTRAP: key }
  return { url: `http://127.0.0.1:${port}`, process: await startBenchProcess('intake', env, profileFolder) }
}

function userOf(prefix: string, at: number) {
  return {
    first_name: `Camille ${at}`,
    last_name: 'Dupont',
    email: `camille.${prefix}.${at}@example.test`,
    phone: '+33612345678',
    country: 'FR',
    locale: 'fr',
    zone: 'Europe/Paris',
    created_at: '2026-01-02T03:04:05Z',
  }
}

async function send(url: string, name: string, users: number, prefix: string): Promise<void> {
  function* lines() {
    for (let at = 0; at < users; at += rowsPerInsert) {
      yield Array.from({ length: Math.min(rowsPerInsert, users - at) }, (_none, more) => {
        const entity = userOf(prefix, at + more)
        return `${JSON.stringify({ kind: 'user', id: `${prefix}-${at + more}`, version: 1, ...entity })}\n`
      }).join('')
    }
  }
  const response = await fetch(`${url}/v1/sync?name=${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' },
    body: Readable.toWeb(Readable.from(lines())),
    duplex: 'half',
  })
  const answer = await response.text()
  if (!answer.includes(`"done":true,"lines":${users},"stored":${users}`)) throw new Error(`not all: ${answer}`)
}

async function inserted({ database }: Side, users: number): Promise<number> {
  const insert = {
    name: 'bench-insert-users',
    text: `
      insert into platform.users (id, version, first_name, last_name, email, phone, country, locale, zone, created_at)
      select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                           $8::text[], $9::text[], $10::timestamptz[])`,
  }
  const startedMs = performance.now()
  for (let at = 0; at < users; at += rowsPerInsert) {
    const rows = Array.from({ length: Math.min(rowsPerInsert, users - at) }, (_none, more) => ({
      id: `bare-${at + more}`,
      version: 1,
      ...userOf('bare', at + more),
    }))
    const column = (name: keyof (typeof rows)[number]) => rows.map(row => row[name])
    await database.run(insert, [
      column('id'),
      column('version'),
      column('first_name'),
      column('last_name'),
      column('email'),
      column('phone'),
      column('country'),
      column('locale'),
      column('zone'),
      column('created_at'),
    ])
  }
  return (users / (performance.now() - startedMs)) * 1_000
}
