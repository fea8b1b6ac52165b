import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { sendLines } from '../../src/client/send-lines.ts'
import { createTransport } from '../../src/client/transport.ts'

/** Takes every line, and answers the first request as a gateway does that has lost the service behind it. */
const taken: string[] = []
let answers: number[] = []
const server = createServer((incoming, outgoing) => {
  void (async () => {
    let body = ''
    for await (const chunk of incoming) body += String(chunk)
    const lines = body.trimEnd().split('\n')
    const status = answers.shift() ?? 200
    if (status !== 429) taken.push(...lines)
    outgoing.writeHead(status)
    const outcomes = lines.map((_line, index) => JSON.stringify({ line: index + 1, status: 'accepted', id: 'x' }))
    outgoing.end(status === 200 ? `${outcomes.join('\n')}\n` : '')
  })()
})
afterEach(() => {
  server.close()
})

test('a line without a key is sent again only when it was certainly not taken', async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : ''
  const transport = createTransport({ url: `http://127.0.0.1:${port}`, key: 'hbnb_x' })
  answers = [429, 504]
  const lines = [
    { json: '"keyed"', isSafe: true },
    { json: '"bare"', isSafe: false },
  ]
  const outcomes = await sendLines(transport, lines, { path: '/v1/jobs', deadlineMs: 10_000 })
  expect(outcomes).toEqual([{ status: 'accepted', id: 'x' }, { status: 'unknown' }])
  expect(taken).toEqual(['"keyed"', '"bare"', '"keyed"'])
})
