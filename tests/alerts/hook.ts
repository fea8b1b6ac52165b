import { createServer } from 'node:http'

/** A URL that others call: answers `status` and keeps what it was sent. */
export async function startHook() {
  const calls: { readonly path: string; readonly method: string; readonly body: string }[] = []
  /** `silent` takes calls and answers none. */
  const hook = { status: 200, silent: false }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      calls.push({ path: request.url ?? '', method: request.method ?? '', body: Buffer.concat(chunks).toString() })
      if (hook.silent) return
      response.writeHead(hook.status, hook.status === 302 ? { location: '/elsewhere' } : {}).end('thanks')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return Object.assign(hook, {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    calls,
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  })
}
