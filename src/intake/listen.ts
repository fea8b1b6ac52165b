import { createServer } from 'node:http'
import type { Express } from 'express'

/** Headers must have arrived by then; slower ones hold a connection for nothing. */
const headersTimeoutMs = 10_000
/** A stream of jobs may last that long; ordinary bodies have a shorter limit of their own (`readBody`). */
const requestTimeoutMs = 300_000
/** Longer than balancers and clients keep a connection (AWS: 60 s): whoever closes first cuts the other's next request. */
const keepAliveMs = 65_000
const closeIdleEveryMs = 100

/** Where the app listens, and how it stops. */
export interface Listening {
  readonly url: string
  /** Takes no new connections, finishes open requests, and cuts what is still open after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>
}

/** Listens on host and port (0: any free one). Throws when the address is taken. */
export async function listen(app: Express, { host, port }: { host: string; port: number }): Promise<Listening> {
  const server = createServer(
    { headersTimeout: headersTimeoutMs, requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveMs },
    app,
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}`,
    async close(deadlineMs) {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      // A kept-alive connection becomes idle only after its open request is answered.
      const idle = setInterval(() => server.closeIdleConnections(), closeIdleEveryMs)
      const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs)
      await closed
      clearInterval(idle)
      clearTimeout(deadline)
    },
  }
}
