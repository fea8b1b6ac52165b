import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/**
 * What happens to one statement on its way:
 * `refuse`: the connection breaks before the server has it. `lose-answer`: the server does it, the connection breaks
 * instead of answering. `hold`: it waits before the server until released. `hold-answer`: its answer waits until released.
 * `deliver-late`: the client's connection breaks at once, the server gets the statement when released.
 */
type Fault = 'refuse' | 'lose-answer' | 'hold' | 'hold-answer' | 'deliver-late'

/** One statement that a fault waits for. */
export interface Caught {
  /** Resolves when the statement has come by. */
  readonly reached: Promise<void>
  /** Resolves when the server has done it, whether or not the client hears of that. */
  readonly answered: Promise<void>
  /** Ends a `hold`, `hold-answer` or `deliver-late`. */
  release(): void
}

/** A TCP proxy before one server, Postgres or Redis, at an address of its own. */
export interface Proxy {
  readonly url: string
  /** Connections turned away by `cut` so far. */
  readonly refused: number
  /** Breaks every connection and turns new ones away, until `restore`. */
  cut(): void
  restore(): void
  /** Nothing passes in either direction, as before a frozen server, until `resume`. */
  pause(): void
  resume(): void
  /** Postgres only: waits for the `nth` time from now that the prepared statement of this name is sent. */
  at(statement: string, fault: Fault, nth?: number): Caught
  close(): Promise<void>
}

interface Rule {
  readonly statement: string
  readonly fault: Fault
  left: number
  readonly reach: (release: () => void) => void
  readonly answer: () => void
}

export async function startProxy(serverUrl: string): Promise<Proxy> {
  const target = new URL(serverUrl)
  const rules: Rule[] = []
  const links = new Set<Link>()
  let isCut = false
  let isPaused = false
  let refused = 0

  const server = createServer(client => {
    if (isCut) {
      refused += 1
      client.destroy()
      return
    }
    const upstream = connect(Number(target.port), target.hostname)
    const link = openLink(client, upstream, target.protocol.startsWith('postgres'), rules)
    links.add(link)
    if (isPaused) link.hold()
    upstream.on('close', () => links.delete(link))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port')
  const url = new URL(serverUrl)
  url.host = `127.0.0.1:${address.port}`

  const breakAll = () => {
    for (const link of links) link.break()
  }
  return {
    url: url.href,
    get refused() {
      return refused
    },
    cut() {
      isCut = true
      breakAll()
    },
    restore() {
      isCut = false
    },
    pause() {
      isPaused = true
      for (const link of links) link.hold()
    },
    resume() {
      isPaused = false
      for (const link of links) link.release()
    },
    at(statement, fault, nth = 1) {
      const reached = Promise.withResolvers<void>()
      const answered = Promise.withResolvers<void>()
      let release: (() => void) | undefined
      const reach = (letGo: () => void) => {
        release = letGo
        reached.resolve()
      }
      rules.push({ statement, fault, left: nth, reach, answer: answered.resolve })
      return { reached: reached.promise, answered: answered.promise, release: () => release?.() }
    },
    async close() {
      server.close()
      breakAll()
      await once(server, 'close')
    },
  }
}

interface Link {
  hold(): void
  release(): void
  break(): void
}

function openLink(client: Socket, upstream: Socket, speaksPostgres: boolean, rules: Rule[]): Link {
  const toServer = valve(upstream)
  const toClient = valve(client)
  let current: { readonly rule: Rule; readonly split: (chunk: Buffer) => Buffer[] } | undefined

  const breakBoth = () => {
    client.destroy()
    upstream.destroy()
  }
  const isLate = () => current?.rule.fault === 'deliver-late'
  for (const socket of [client, upstream]) socket.on('error', () => {})
  client.on('close', () => isLate() || upstream.destroy())
  upstream.on('close', () => client.destroy())

  function begin(rule: Rule): void {
    const { fault, reach } = rule
    current = { rule, split: splitter() }
    if (fault === 'refuse') breakBoth()
    if (fault === 'hold' || fault === 'deliver-late') toServer.hold()
    if (fault === 'hold-answer') toClient.hold()
    const held = fault === 'hold-answer' ? toClient : toServer
    reach(() => held.release())
  }

  const split = splitter('startup')
  const ruleFor = ruleFinder(rules)
  client.on('data', chunk => {
    if (!speaksPostgres) return toServer.push(chunk)
    for (const frame of split(chunk)) {
      const rule = ruleFor(frame)
      if (rule) begin(rule)
      if (client.destroyed) return
      toServer.push(frame)
      if (isLate() && typeOf(frame) === 'S') client.destroy()
    }
  })
  upstream.on('data', chunk => {
    const isLost = isLate() || current?.rule.fault === 'lose-answer'
    if (!isLost) toClient.push(chunk)
    if (!current?.split(chunk).some(frame => typeOf(frame) === 'Z')) return
    current.rule.answer()
    if (isLost) breakBoth()
    current = undefined
  })
  return {
    hold() {
      toServer.hold()
      toClient.hold()
    },
    release() {
      toServer.release()
      toClient.release()
    },
    break: breakBoth,
  }
}

/** The one-byte type of a message: client's P(arse), B(ind) and S(ync), server's Z (ready for the next query). */
function typeOf(frame: Buffer): string {
  return frame.toString('latin1', 0, 1)
}

/** Finds the rule whose turn a client's message is: one that prepares its statement, or binds it when prepared before. */
function ruleFinder(rules: Rule[]): (frame: Buffer) => Rule | undefined {
  let preparing: string | undefined
  return frame => {
    const type = typeOf(frame)
    if (type !== 'P' && type !== 'B') return undefined
    const [first = '', second] = frame.toString('latin1', typeAndLengthBytes).split('\0', 2)
    const statement = type === 'P' ? first : second
    const isSeen = type === 'B' && statement === preparing
    preparing = type === 'P' ? statement : undefined
    const rule = isSeen ? undefined : rules.find(waiting => waiting.statement === statement)
    if (!rule) return undefined
    rule.left -= 1
    if (rule.left > 0) return undefined
    rules.splice(rules.indexOf(rule), 1)
    return rule
  }
}

const typeBytes = 1
const lengthBytes = 4
const typeAndLengthBytes = typeBytes + lengthBytes

/** Cuts a stream into Postgres' messages: a type, a length that counts itself, a body. The client's first has no type. */
function splitter(first?: 'startup'): (chunk: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0)
  let headBytes = first === 'startup' ? 0 : typeBytes
  return chunk => {
    rest = Buffer.concat([rest, chunk])
    const whole: Buffer[] = []
    while (rest.length >= headBytes + lengthBytes) {
      const size = headBytes + rest.readInt32BE(headBytes)
      if (rest.length < size) break
      whole.push(rest.subarray(0, size))
      rest = rest.subarray(size)
      headBytes = typeBytes
    }
    return whole
  }
}

/** One direction of a connection. Holds add up; what was held passes in order when the last is released. */
function valve(to: Socket) {
  const waiting: Buffer[] = []
  let holds = 0
  return {
    push(chunk: Buffer) {
      if (holds > 0) waiting.push(chunk)
      else to.write(chunk)
    },
    hold() {
      holds += 1
    },
    release() {
      holds -= 1
      if (holds === 0) for (const chunk of waiting.splice(0)) to.write(chunk)
    },
  }
}
