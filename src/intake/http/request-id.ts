import { randomUUID } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { validate } from 'uuid'

const header = 'x-request-id'

/** Gives each request an id, or keeps the caller's if it is a UUID; it is answered, and stands in the log. */
export const giveRequestId: RequestHandler = (request, response, next) => {
  const given = request.get(header)
  response.setHeader(header, given !== undefined && validate(given) ? given : randomUUID())
  next()
}

/** The id of the request being answered. */
export function requestIdOf(response: Response): string {
  const id = response.getHeader(header)
  if (typeof id === 'string') return id
  response.setHeader(header, randomUUID())
  return requestIdOf(response)
}
