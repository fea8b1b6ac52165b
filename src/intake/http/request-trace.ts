import type { Request, RequestHandler } from 'express'
import { beginSpan, inTrace, isTraceparent } from '../../observability/tracing.ts'

/** What is asked every few seconds by machines, and leads to nothing. */
const untraced = new Set(['/healthz', '/readyz', '/metrics'])

/** Each request is a span, joined to its caller's trace; jobs made while it is answered belong to it. */
export const traceRequests: RequestHandler = (request, response, next) => {
  if (untraced.has(request.path)) return next()
  const given = request.get('traceparent')
  const span = beginSpan({
    name: request.method,
    place: 'server',
    parent: given !== undefined && isTraceparent(given) ? given : null,
    attributes: { 'http.request.method': request.method },
  })
  response.once('close', () => {
    const route = routeOf(request)
    const status = response.statusCode
    span.end({
      name: `${request.method} ${route}`,
      attributes: { 'http.route': route, 'http.response.status_code': status },
      ...(status >= 500 ? { fault: String(status) } : {}),
    })
  })
  inTrace(span.traceparent, next)
}

/** The route's pattern, never the address: that may hold what identifies somebody. */
function routeOf(request: Request): string {
  const route: unknown = request.route
  const path: unknown = typeof route === 'object' && route !== null ? Reflect.get(route, 'path') : undefined
  return typeof path === 'string' ? path.replace(/:(\w+)/g, '{$1}') : 'other'
}
