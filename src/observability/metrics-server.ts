import { createServer } from 'node:http'
import { collectDefaultMetrics, type Registry } from 'prom-client'

/**
 * Serves /metrics and /healthz for a process without an HTTP API of its own. Port 0 takes any free one. `host` is that of
 * the intake (HOST): this machine in development, every address in production, where a container's own is not known.
 */
export async function startMetricsServer(
  port: number,
  registry: Registry,
  host: string,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  collectDefaultMetrics({ register: registry })
  const server = createServer((request, response) => {
    const answer = (status: number, type: string, text: string) =>
      response.writeHead(status, { 'content-type': type }).end(text)
    if (request.method !== 'GET' && request.method !== 'HEAD') answer(405, 'text/plain', '')
    else if (request.url === '/healthz') answer(200, 'application/json', '{"status":"ok"}')
    else if (request.url !== '/metrics') answer(404, 'text/plain', '')
    else
      registry.metrics().then(
        text => answer(200, registry.contentType, text),
        () => answer(503, 'text/plain', 'a metric could not be read'),
      )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve)
  })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      const closed = new Promise<void>(resolve => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
    },
  }
}
