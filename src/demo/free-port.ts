import { createServer } from 'node:net'

/** Whether nobody listens on a port of 127.0.0.1 just now. */
export async function isFreePort(port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
