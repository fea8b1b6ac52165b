import { createHmac } from 'node:crypto'
import type { Bench, BenchOptions } from './bench.ts'
import { type BenchProcess, startBenchProcess } from './bench-process.ts'
import { cpuMsOf, storeCpuMs } from './cpu-time.ts'
import { freePort } from './free-port.ts'
import { askAsFastAsPossible } from './http-load.ts'
import { type Line, lineOf } from './line.ts'
import { median, percentile } from './samples.ts'
import { type Side, startStores } from './stores.ts'

const connections = 64
const measuredMs = 4_000
/** Not counted: until then code is still being compiled, and each request costs less than the one before. */
const warmUpRequests = 40_000
const warmUpMs = 4_000
const bodyBytes = 1_024
/** More than a round can send: signing is no part of what is measured. */
const signedPerRound = 40_000
const secret = 'the-secret-of-nobody-but-the-bench'

interface Door {
  readonly side: Side
  readonly url: string
  readonly process: BenchProcess
}

/**
 * The door of webhooks: an event signed with Standard Webhooks is verified, checked, stored with its job and committed,
 * against the same Express route with the same middleware and the same read of the body that does nothing (goal 0.7). The
 * guide's signature too, which has no id: equal bodies are kept apart by their hash.
 */
export const webhooksIn: Bench = async function* webhooksIn(options) {
  const stores = await startStores(options.logLevel)
  const doors: Door[] = []
  try {
    const ours = await openDoor(await stores.makeSide('ours'), 'intake', options)
    doors.push(ours)
    const idle = await openDoor(await stores.makeSide('idle'), 'idle-intake', options)
    doors.push(idle)
    yield await line('webhooks-in/standard', standardRequest, ours, idle, options)
    yield await line('webhooks-in/guide', guideRequest, ours, idle, options)
  } finally {
    await Promise.all(doors.map(({ process }) => process.stop()))
    await stores.stop()
  }
}

async function openDoor(side: Side, entry: 'intake' | 'idle-intake', { profileFolder }: BenchOptions): Promise<Door> {
  const port = await freePort()
  const env = { ...side.env, HOST: '127.0.0.1', PORT: String(port), WEBHOOK_SECRET: secret }
  return { side, url: `http://127.0.0.1:${port}`, process: await startBenchProcess(entry, env, profileFolder) }
}

let events = 0

function nextEvent(): { readonly id: string; readonly body: string } {
  events += 1
  const booking = {
    version: events,
    place_id: 'place-7',
    guest_id: 'guest-42',
    status: 'confirmed',
    check_in: '2027-01-02',
    check_out: '2027-01-05',
    guests: 2,
    total_minor: 45_000,
    currency: 'EUR',
    confirmed_at: '2026-11-22T10:00:00Z',
  }
  const event = { event: 'booking.confirmed', booking_id: `bench-${events}`, data: booking, note: '' }
  const note = 'x'.repeat(bodyBytes - JSON.stringify(event).length)
  return { id: `evt_${events}`, body: JSON.stringify({ ...event, note }) }
}

function requestOf(body: string, headers: string): Buffer {
  return Buffer.from(
    'POST /webhooks/booking HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n' +
      `content-length: ${body.length}\r\n${headers}\r\n${body}`,
  )
}

function standardRequest(): Buffer {
  const { id, body } = nextEvent()
  const at = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', secret).update(`${id}.${at}.${body}`).digest('base64')
  return requestOf(body, `webhook-id: ${id}\r\nwebhook-timestamp: ${at}\r\nwebhook-signature: v1,${signature}\r\n`)
}

function guideRequest(): Buffer {
  const { body } = nextEvent()
  return requestOf(body, `x-webhook-signature: ${createHmac('sha256', secret).update(body).digest('hex')}\r\n`)
}

async function line(
  bench: string,
  signed: () => Buffer,
  ours: Door,
  idle: Door,
  { rounds, logLevel, say }: BenchOptions,
): Promise<Line> {
  const rates = { ours: [] as number[], idle: [] as number[] }
  const cpuUs = { ours: [] as number[], idle: [] as number[] }
  const tookMs: number[] = []
  for (const door of [ours, idle]) {
    for (let done = 0; done < warmUpRequests; ) done += (await press(door, signed, warmUpMs)).tookMs.length
  }
  await empty(ours)
  for (let round = 1; round <= rounds; round += 1) {
    const mine = await press(ours, signed, measuredMs)
    const theirs = await press(idle, signed, measuredMs)
    rates.ours.push(mine.perSecond)
    rates.idle.push(theirs.perSecond)
    cpuUs.ours.push(mine.doorUs)
    cpuUs.idle.push(theirs.doorUs)
    tookMs.push(...mine.tookMs)
    say(
      `${bench} round ${round}: ours ${mine.perSecond.toFixed(0)}/s ${mine.doorUs.toFixed(0)} us of its CPU each and ` +
        `${mine.storeUs.toFixed(0)} of Postgres, idle ${theirs.perSecond.toFixed(0)}/s ${theirs.doorUs.toFixed(0)} us`,
    )
    await empty(ours)
  }
  const settings = {
    connections,
    bodyBytes,
    fsync: true,
    logLevel,
    oursCpuUs: Math.round(median(cpuUs.ours)),
    otherCpuUs: Math.round(median(cpuUs.idle)),
  }
  const [p50Ms, p99Ms] = [percentile(tookMs, 0.5), percentile(tookMs, 0.99)]
  const given = { bench, unit: 'requests/s', p50Ms, p99Ms, peakMb: await ours.process.peakMb(), settings }
  return lineOf(given, rates.ours, rates.idle)
}

/** Rounds begin alike: nobody drains, so what waits would grow. */
async function empty({ side }: Door): Promise<void> {
  await side.database.knex.raw(
    'truncate hbnb_jobs.jobs, hbnb_jobs.job_live, hbnb_jobs.webhook_inbox, hbnb_jobs.idempotency_keys',
  )
}

/** Answered requests with the CPU time of the door and of its stores, microseconds for each. */
async function press({ side, process, url }: Door, signed: () => Buffer, forMs: number) {
  const ready = Array.from({ length: signedPerRound }, signed)
  const doorMs = await cpuMsOf(process.pid)
  const storeMs = await storeCpuMs(side)
  const answered = await askAsFastAsPossible(url, () => ready.pop() ?? signed(), { connections, forMs })
  const each = (usedMs: number) => (usedMs * 1_000) / answered.tookMs.length
  return {
    ...answered,
    doorUs: each((await cpuMsOf(process.pid)) - doorMs),
    storeUs: each((await storeCpuMs(side)) - storeMs),
  }
}
