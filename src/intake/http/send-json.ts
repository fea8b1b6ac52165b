import type { Response } from 'express'

/** As response.json() does, without an ETag: nobody asks for what was made here again. */
export function sendJson(response: Response, status: number, answer: unknown): void {
  const body = JSON.stringify(answer)
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(body))
  response.end(body)
}
