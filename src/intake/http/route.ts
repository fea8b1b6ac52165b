import type { Express, Request, RequestHandler } from 'express'
import { z } from 'zod'
import type { Operation } from './operation.ts'
import { Problem } from './problem.ts'
import { queryOf } from './query-options.ts'
import { noteRoute } from './request-log.ts'

/** One route with its description: the app and the OpenAPI document are made from the same table. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete'
  /** As OpenAPI writes it: `/v1/jobs/{id}`. */
  readonly path: string
  /** What it does, by the path it is described under; one of `path` itself unless a parameter is spelled out. */
  readonly operations: Readonly<Record<string, Operation>>
  readonly handler: RequestHandler
}

/** Mounts the routes; other methods on their addresses answer 405 with `Allow`. */
export function mountRoutes(app: Express, routes: readonly Route[]): void {
  for (const [path, sharing] of Map.groupBy(routes, route => route.path.replace(/\{\w+\}/g, '{}'))) {
    for (const route of sharing) {
      app[route.method](expressPath(route.path), noteRoute(route.path), checkRequest(route), route.handler)
    }
    const allow = sharing
      .flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]))
      .join(', ')
    app.route(expressPath(path.replaceAll('{}', '{any}'))).all(() => {
      throw new Problem('method-not-allowed', { detail: `allowed here: ${allow}` }, { allow })
    })
  }
}

/**
 * Before a handler, whatever it reads itself: an option that is not described, or not as described, is refused, and so is a
 * body where none is taken.
 */
function checkRequest({ method, operations }: Route): RequestHandler {
  const options = Object.values(operations)
    .flatMap(({ parameters }) => parameters)
    .filter(parameter => parameter.in === 'query')
  const schema = z.strictObject(Object.fromEntries(options.map(option => [option.name, option.schema])))
  const needsOption = !schema.safeParse({}).success
  const refusesBody = method !== 'get' && Object.values(operations).every(({ body }) => body === null)
  return (request, _response, next) => {
    if (refusesBody && hasBody(request)) throw new Problem('bad-request', { detail: 'no body is taken here' })
    if (needsOption || request.originalUrl.includes('?')) queryOf(request, schema)
    next()
  }
}

function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}
