import { connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

/** What a load was answered. */
export interface Answered {
  readonly perSecond: number
  /** From the moment a request should have left to its answer, ms. */
  readonly tookMs: readonly number[]
}

/** One keep-alive connection that has one request on its way at most: a client as small as it can be. */
interface Caller {
  ask(request: string | Buffer): Promise<void>
  close(): void
}

const tickMs = 2
const lengthIn = /\r\ncontent-length: (\d+)\r\n/i

async function caller(url: string): Promise<Caller> {
  const { hostname, port } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  socket.setNoDelay(true)
  let heard = ''
  let answer: { resolve: () => void; reject: (error: Error) => void } | undefined
  const fail = () => answer?.reject(new Error('the connection was closed'))
  socket.on('error', fail).on('close', fail)
  socket.on('data', chunk => {
    heard += chunk.toString('latin1')
    const end = heard.indexOf('\r\n\r\n')
    if (end < 0) return
    const bytes = Number(lengthIn.exec(heard)?.[1])
    if (heard.length < end + 4 + bytes) return
    const isGood = heard.startsWith('HTTP/1.1 2')
    const said = heard
    heard = ''
    if (isGood) answer?.resolve()
    else answer?.reject(new Error(`not accepted: ${said.slice(0, 1_000)}`))
  })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  return {
    ask: request =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject }
        socket.write(request)
      }),
    close: () => void socket.destroy(),
  }
}

/** Every connection asks again as soon as it is answered. */
export async function askAsFastAsPossible(
  url: string,
  request: () => string | Buffer,
  { connections, forMs }: { readonly connections: number; readonly forMs: number },
): Promise<Answered> {
  const callers = await Promise.all(Array.from({ length: connections }, () => caller(url)))
  const tookMs: number[] = []
  const startedMs = performance.now()
  await Promise.all(
    callers.map(async one => {
      while (performance.now() - startedMs < forMs) {
        const askedMs = performance.now()
        await one.ask(request())
        tookMs.push(performance.now() - askedMs)
      }
    }),
  )
  const perSecond = (tookMs.length / (performance.now() - startedMs)) * 1_000
  for (const one of callers) one.close()
  return { perSecond, tookMs }
}

/** So many a second whether or not they are answered; one that finds no connection free waits, and its clock runs. */
export async function askAtRate(
  url: string,
  request: () => string | Buffer,
  {
    connections,
    forMs,
    perSecond,
  }: { readonly connections: number; readonly forMs: number; readonly perSecond: number },
): Promise<Answered> {
  const callers = await Promise.all(Array.from({ length: connections }, () => caller(url)))
  const free = [...callers]
  const waiting: number[] = []
  const tookMs: number[] = []
  const open = new Set<Promise<void>>()

  async function send(one: Caller, dueMs: number): Promise<void> {
    await one.ask(request())
    tookMs.push(performance.now() - dueMs)
    const next = waiting.shift()
    if (next === undefined) free.push(one)
    else await send(one, next)
  }
  const startedMs = performance.now()
  const total = (forMs * perSecond) / 1_000
  for (let sent = 0; sent < total; await delay(tickMs)) {
    const due = Math.min(total, ((performance.now() - startedMs) * perSecond) / 1_000)
    for (; sent < due; sent += 1) {
      const dueMs = startedMs + (sent * 1_000) / perSecond
      const one = free.pop()
      if (one === undefined) waiting.push(dueMs)
      else {
        const sending = send(one, dueMs)
        open.add(sending)
        void sending.finally(() => open.delete(sending))
      }
    }
  }
  await Promise.all(open)
  for (const one of callers) one.close()
  return { perSecond: (tookMs.length / (performance.now() - startedMs)) * 1_000, tookMs }
}
