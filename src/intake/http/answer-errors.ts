import type { ErrorRequestHandler, Response } from 'express'
import type { Logger } from 'pino'
import { z } from 'zod'
import { isDatabaseAway } from '../../db/database-away.ts'
import { Problem, problemBody, problems } from './problem.ts'
import { requestIdOf } from './request-id.ts'

const retryAfterSeconds = 5

/** What body-parser and the router throw: the middleware's word for the fault, and the status it suggests. */
const httpError = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  limit: z.int().optional(),
})

/** Answers a problem as application/problem+json (RFC 9457). */
function answerProblem(response: Response, problem: Problem): void {
  response
    .status(problems[problem.code].status)
    .set(problem.headers)
    .type('application/problem+json')
    .send(JSON.stringify(problemBody(problem, `urn:uuid:${requestIdOf(response)}`)))
}

/** The last middleware: every error becomes a problem; what is not the caller's doing is logged and says nothing. */
export function answerErrors(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const problem = problemOf(error)
    if (problems[problem.code].status >= 500 && !(error instanceof Problem)) {
      log[problem.code === 'internal-error' ? 'error' : 'warn'](
        { err: error, request_id: requestIdOf(response) },
        problem.code,
      )
    }
    if (response.headersSent) next(error)
    else answerProblem(response, problem)
  }
}

/** What an error is answered with; what is not known to be anything else is internal-error. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (isDatabaseAway(error)) return databaseAway()
  const { data } = httpError.safeParse(error)
  if (data === undefined) return new Problem('internal-error')
  if (data.status === 413)
    return new Problem('body-too-large', data.limit === undefined ? {} : { limit_bytes: data.limit })
  if (data.status === 415)
    return new Problem('unsupported-media-type', { detail: 'this content encoding is not taken' })
  return new Problem('bad-request')
}

/** Nothing was stored, unless `detail` says that this is not known. */
export function databaseAway(detail = 'nothing was stored; try again later'): Problem {
  return new Problem('database-away', { detail }, { 'retry-after': String(retryAfterSeconds) })
}
