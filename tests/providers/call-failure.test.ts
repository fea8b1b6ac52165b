import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { withinBounds } from '../../src/providers/call-failure.ts'
import { sendgridMailer } from '../../src/providers/sendgrid/mailer.ts'

const mail = {
  from: 'a@hbnb.test',
  to: 'b@example.test',
  subject: 'Booking',
  html: '<p>hello</p>',
  text: 'hello',
  locale: 'en',
  customArgs: {},
}
const SHORT_MS = 1_000

let server: Server
afterEach(() => server.close())

/** A listener that takes connections and says nothing. */
async function silentServer(): Promise<{ port: number; connection: Promise<Socket> }> {
  server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const connection = once(server, 'connection').then(([socket]: Socket[]) => {
    if (socket === undefined) throw new Error('no socket')
    return socket
  })
  return { port: portOf(server), connection }
}

function portOf(listening: Server): number {
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

const send = (baseUrl: string, timeoutMs: number, signal = new AbortController().signal) =>
  sendgridMailer({ apiKey: 'SG.x', baseUrl })
    .send(mail, { timeoutMs, signal })
    .catch((error: unknown) => error)

describe('the bounds of a call', () => {
  it('close the connection, so that nothing more is written', async () => {
    const { port, connection } = await silentServer()
    const failed = send(`http://127.0.0.1:${port}`, SHORT_MS)
    const socket = await connection
    socket.resume()
    const closed = once(socket, 'close')
    expect(await failed).toMatchObject({ name: 'Ambiguous', code: 'sendgrid-timeout' })
    await closed
  })

  it('know that a broken TLS handshake has sent no request', async () => {
    const { port, connection } = await silentServer()
    const failed = send(`https://127.0.0.1:${port}`, SHORT_MS)
    const socket = await connection
    socket.on('error', () => undefined).resume()
    expect(await failed).toMatchObject({ name: 'TemporaryError', code: 'sendgrid-unreachable' })
  })

  it('know that a connection refused for its certificate has sent no request', async () => {
    const { port, connection } = await silentServer()
    const failed = send(`https://127.0.0.1:${port}`, 10_000)
    const socket = await connection
    socket.on('error', () => undefined).end('this is not TLS')
    expect(await failed).toMatchObject({ name: 'TemporaryError', code: 'sendgrid-unreachable' })
  })

  it('end work that has no connection to close', async () => {
    const { signal } = new AbortController()
    const never = withinBounds({ timeoutMs: SHORT_MS, signal }, () => new Promise(() => undefined))
    await expect(never).rejects.toMatchObject({ outOfTime: true, mayHaveBeenSent: false })
  })

  it('begin no work for a call that was stopped before', async () => {
    let begun = false
    const stopped = withinBounds({ timeoutMs: SHORT_MS, signal: AbortSignal.abort() }, async () => {
      begun = true
    })
    await expect(stopped).rejects.toMatchObject({ outOfTime: true, mayHaveBeenSent: false })
    expect(begun).toBe(false)
  })
})

describe('the SendGrid mailer', () => {
  it('follows no redirect: it would hand mail and key to another host', async () => {
    const asked: string[] = []
    const http = createHttpServer((request, response) => {
      asked.push(request.url ?? '')
      request.resume()
      response.writeHead(307, { Location: '/elsewhere' }).end()
    })
    server = http.listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(await send(`http://127.0.0.1:${portOf(server)}`, 10_000)).toMatchObject({ name: 'Ambiguous' })
    expect(asked).toEqual(['/v3/mail/send'])
  })
})
