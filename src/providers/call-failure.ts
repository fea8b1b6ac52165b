import { AsyncLocalStorage } from 'node:async_hooks'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Duplex } from 'node:stream'
import type { ProviderCall } from './provider-call.ts'

/** Why a provider call gave no result, with the one fact that decides between a repeat and a doubt. */
export class CallFailure extends Error {
  /** False only when no connection was ever made, so that not one byte of the request can have left. */
  readonly mayHaveBeenSent: boolean
  /** The call's time was up, or its job was told to stop. */
  readonly outOfTime: boolean
  /** The vendor SDK's own error. Holds addresses and keys: read by the vendor's table, never logged or kept. */
  readonly vendorError: unknown
  constructor(line: Line, vendorError: unknown) {
    super('The provider call failed.')
    this.mayHaveBeenSent = line.connected
    this.outOfTime = line.signal.aborted
    this.vendorError = vendorError
  }
}

interface Line {
  readonly signal: AbortSignal
  /** By performance.now(): the clock decides, because a process that stood still hears of connections before its timers. */
  readonly deadlineMs: number
  connected: boolean
}

const running = new AsyncLocalStorage<Line>()

/**
 * Runs one SDK call inside the call's bounds. SDKs differ in what they can abort; the agents below end the socket of
 * whichever SDK runs here, so that nothing is written after the bound. Throws CallFailure only.
 */
export async function withinBounds<T>(call: ProviderCall, work: () => Promise<T>): Promise<T> {
  const line: Line = {
    signal: AbortSignal.any([call.signal, AbortSignal.timeout(call.timeoutMs)]),
    deadlineMs: performance.now() + call.timeoutMs,
    connected: false,
  }
  try {
    line.signal.throwIfAborted()
    return await Promise.race([running.run(line, work), whenAborted(line.signal)])
  } catch (error) {
    throw new CallFailure(line, error)
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('out of time')), { once: true })
  })
}

/** Ties a socket to the call that runs: it ends with the call's bounds, and notes when it could first be written to. */
export function tie<S extends Duplex | null | undefined>(socket: S, readyEvent?: 'connect' | 'secureConnect'): S {
  const line = running.getStore()
  if (!line || !socket) return socket
  const end = () => void socket.destroy(new Error('out of time'))
  const release = () => line.signal.removeEventListener('abort', end)
  line.signal.addEventListener('abort', end, { once: true })
  socket.once('free', release).once('close', release)
  // Before the request is written: what node has buffered leaves in later listeners of the same event.
  const ready = () => {
    if (line.signal.aborted || performance.now() > line.deadlineMs) end()
    else line.connected = true
  }
  if (readyEvent === undefined || line.signal.aborted) ready()
  else socket.once(readyEvent, ready)
  return socket
}

/** For http bases: the sandbox. No keep-alive: a kept socket that the server just closed turns a send into a doubt. */
export class BoundedHttpAgent extends HttpAgent {
  override createConnection(...[options, callback]: Parameters<HttpAgent['createConnection']>) {
    return tie(super.createConnection(options, callback), 'connect')
  }
}

/** For https bases: the real providers. Keep-alive only where asked for. */
export class BoundedHttpsAgent extends HttpsAgent {
  override createConnection(...[options, callback]: Parameters<HttpsAgent['createConnection']>) {
    return tie(super.createConnection(options, callback), 'secureConnect')
  }
  override reuseSocket(...[socket, request]: Parameters<HttpsAgent['reuseSocket']>) {
    super.reuseSocket(tie(socket), request)
  }
}
