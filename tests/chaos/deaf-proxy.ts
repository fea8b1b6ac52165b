import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Commands by which a BullMQ worker gets its jobs: the blocking read, and the script that makes a job active. */
const fetches = /bzpopmin|lockduration/

/** A way to Redis that can make the one process behind it deaf. */
export interface DeafProxy {
  readonly url: string
  /**
   * From now on no connection that fetches jobs hears an answer, new ones included. All others work: the process is
   * connected, beats, counts its queues, and gets nothing to do.
   */
  deafen(): void
  hear(): void
  close(): Promise<void>
}

export async function startDeafProxy(redisUrl: string): Promise<DeafProxy> {
  const target = new URL(redisUrl)
  const sockets = new Set<Socket>()
  let isDeaf = false
  const server = createServer(client => {
    const upstream = connect(Number(target.port), target.hostname)
    let isFetching = false
    client.on('data', chunk => {
      isFetching ||= fetches.test(chunk.toString('latin1').toLowerCase())
      upstream.write(chunk)
    })
    upstream.on('data', chunk => {
      if (!(isDeaf && isFetching)) client.write(chunk)
    })
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port')
  const url = new URL(redisUrl)
  url.host = `127.0.0.1:${address.port}`
  return {
    url: url.href,
    deafen() {
      isDeaf = true
    },
    hear() {
      isDeaf = false
    },
    async close() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}
