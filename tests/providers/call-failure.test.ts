import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
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
const SHORT_MS = 300

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
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, connection }
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
})
