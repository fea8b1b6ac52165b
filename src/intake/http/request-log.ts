import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { Histogram, type Registry } from 'prom-client'
import { networkOf } from './network-of.ts'
import { requestIdOf } from './request-id.ts'

const bucketsSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const routes = new WeakMap<object, string>()

/** Remembers which route took a request: the log and the metrics name routes, never addresses with their values. */
export function noteRoute(path: string): RequestHandler {
  return (request, _response, next) => {
    routes.set(request, path)
    next()
  }
}

/** One log line and one observation per answered request. Neither holds a query string, a body or a
 * whole address: the network a caller is in tells where trouble comes from, and is nobody's. */
export function logRequests(log: Logger, registry: Registry): RequestHandler {
  const duration = new Histogram({
    name: 'hbnb_jobs_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer, by route.',
    labelNames: ['method', 'route', 'status'],
    buckets: bucketsSeconds,
    registers: [registry],
  })
  return (request, response, next) => {
    const startedMs = performance.now()
    // Asked now: a socket that has closed has no address any more.
    const { ip } = request
    response.once('close', () => {
      const tookMs = performance.now() - startedMs
      const route = routes.get(request) ?? 'other'
      // A caller that went away has no answer; 499 is what nginx calls it.
      const status = response.writableFinished ? response.statusCode : 499
      const method = knownMethods.has(request.method) ? request.method : 'OTHER'
      duration.observe({ method, route, status }, tookMs / 1_000)
      const from = networkOf(ip)
      log.info(
        { method, route, status, took_ms: Math.round(tookMs), from, request_id: requestIdOf(response) },
        'request',
      )
    })
    next()
  }
}

/** Others are joined into one label, so that a caller cannot make time series. */
const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
