import http2 from 'node:http2'
import { text } from 'node:stream/consumers'
import { vi } from 'vitest'
import { z } from 'zod'
import type { FcmOptions } from '../../src/providers/fcm/connect.ts'

const sendRequest = z.object({ message: z.object({ token: z.string() }) })

/** How many devices are answered before the session ends, and how: without a word, or with an error. */
interface End {
  readonly afterAnswers: number
  readonly how: 'close' | 'goaway'
}

/**
 * FCM as the SDK's multicast speaks to it: over HTTP/2, here without encryption. Whatever connects by HTTP/2 is led to it,
 * as the SDK has no setting for that.
 */
export async function startFcmOverHttp2() {
  const accepted: string[] = []
  const sessions = new Set<http2.ServerHttp2Session>()
  let end: End = { afterAnswers: Number.POSITIVE_INFINITY, how: 'close' }
  let answering = 0
  let answered = 0
  const server = http2.createServer()
  server.on('session', session => {
    sessions.add(session)
    session.on('error', () => {}) // It ends on purpose.
  })
  server.on('stream', stream => void take(stream).catch(() => {})) // Cut off when the session ends.
  async function take(stream: http2.ServerHttp2Stream): Promise<void> {
    stream.on('error', () => {})
    accepted.push(sendRequest.parse(JSON.parse(await text(stream))).message.token)
    if (answering >= end.afterAnswers) return
    answering += 1
    stream.once('close', () => {
      answered += 1
      if (answered === end.afterAnswers) endSession()
    })
    stream.respond({ ':status': 200, 'content-type': 'application/json' })
    stream.end(JSON.stringify({ name: `projects/p/messages/${accepted.length}` }))
  }
  function endSession(): void {
    for (const session of sessions) {
      if (end.how === 'goaway') session.goaway(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM)
      else session.destroy()
    }
  }
  const port = await new Promise<number>(resolve => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
  const heardOfEnd = Promise.withResolvers<void>()
  const real = http2.connect
  const lead = vi.spyOn(http2, 'connect').mockImplementation(() => {
    const session = real(`http://127.0.0.1:${port}`, { peerMaxConcurrentStreams: 100 })
    const request = session.request.bind(session)
    // The SDK writes `https:` for a scheme. Google's servers let that pass, node's do not.
    session.request = (headers, options) => request(Object.assign({}, headers, { ':scheme': 'https' }), options)
    session.once('close', heardOfEnd.resolve)
    return session
  })
  return {
    options: { projectId: 'p', sandboxUrl: `http://127.0.0.1:${port}` } satisfies FcmOptions,
    /** Tokens of the pushes it took. */
    accepted,
    sessionCount: () => sessions.size,
    /** When the SDK's side has closed its session too: after that it hears nothing more. */
    heardOfEnd: heardOfEnd.promise,
    endAfter(next: End) {
      end = next
    },
    async close() {
      lead.mockRestore()
      for (const session of sessions) session.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
