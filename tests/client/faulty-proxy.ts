import { once } from 'node:events'
import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http'

/**
 * What happens to one request: `pass`; `lose-answer`: the service does it and the connection breaks instead of answering;
 * `cut`: the answer breaks off after so many bytes; `refuse`: the service never sees it and this is answered.
 */
export type Fault =
  | 'pass'
  | 'lose-answer'
  | { readonly cut: number }
  | { readonly refuse: number; readonly headers?: Record<string, string>; readonly body?: string }

/** An HTTP proxy before one service, at an address of its own. */
export interface FaultyProxy {
  readonly url: string
  /** Every request that came, with its body. */
  readonly seen: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[]
  /** The faults of the next requests, in order; then all pass. */
  plan(...faults: Fault[]): void
  /** Breaks every connection there is. */
  cutAll(): void
  close(): Promise<void>
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  const seen: FaultyProxy['seen'] = []
  let planned: Fault[] = []
  const server = createServer((incoming, outgoing) => {
    void (async () => {
      const fault = planned.shift() ?? 'pass'
      const body = await bytesOf(incoming)
      const { method = '', url: path = '', headers } = incoming
      seen.push({ method, path, headers, body: body.toString() })
      if (typeof fault === 'object' && 'refuse' in fault) {
        outgoing.writeHead(fault.refuse, fault.headers).end(fault.body)
        return
      }
      const going = forward(new URL(path, target), { method, headers: { ...headers, connection: 'close' } })
      going.on('error', () => outgoing.destroy())
      outgoing.on('close', () => going.destroy())
      going.end(body)
      const [answer] = await once(going, 'response')
      await pass(answer, outgoing, fault)
    })().catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    seen,
    plan: (...faults) => {
      planned = faults
    },
    cutAll: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function pass(answer: IncomingMessage, outgoing: ServerResponse, fault: Fault): Promise<void> {
  if (fault === 'lose-answer') {
    await bytesOf(answer)
    outgoing.destroy()
    return
  }
  outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
  outgoing.flushHeaders()
  let leftBytes = typeof fault === 'object' && 'cut' in fault ? fault.cut : Number.POSITIVE_INFINITY
  for await (const chunk of answer) {
    const bytes = Buffer.from(chunk)
    outgoing.write(bytes.subarray(0, leftBytes))
    leftBytes -= bytes.length
    if (leftBytes <= 0) {
      // Only after what came before it has gone out.
      outgoing.write('', () => outgoing.destroy())
      return
    }
  }
  outgoing.end()
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
