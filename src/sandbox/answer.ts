import type { Request, Response } from 'express'
import type { Fault, FaultList } from './faults.ts'

/** What a provider answers: status, headers, and a body sent as JSON, or none. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

type Undelivered = Extract<Fault, { kind: 'undelivered' }>

/** One request of a provider's client, and what would happen to it if nothing went wrong. */
interface Exchange {
  readonly provider: Fault['provider']
  readonly on: Fault['on']
  readonly recipients: readonly string[]
  /** Does the work, records the effects. Not called by a fault that strikes before the effect; told of one that strikes later. */
  work(later?: Undelivered): Answer
  /** The provider's usual error body for a status. */
  errorBody(status: number): unknown
}

function send(response: Response, { status, headers = {}, body }: Answer): void {
  if (response.destroyed) return
  response.status(status).set(headers)
  if (body === undefined) response.end()
  else response.json(body)
}

/** Answers an exchange, or acts out the fault that waits for it. */
export function answerThrough(faults: FaultList, request: Request, response: Response, exchange: Exchange): void {
  const fault = faults.take(exchange)
  switch (fault?.kind) {
    case undefined:
      return send(response, exchange.work())
    case 'status': {
      const { status, retryAfterSeconds, body } = fault
      return send(response, {
        status,
        headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
        body: body ?? exchange.errorBody(status),
      })
    }
    case 'slow': {
      const answer = exchange.work()
      const timer = setTimeout(() => send(response, answer), fault.delayMs)
      response.once('close', () => clearTimeout(timer))
      return
    }
    case 'undelivered':
      return send(response, exchange.work(fault))
    case 'hang':
      return // The caller's patience, or the sandbox's end, closes the socket.
    case 'reset':
      request.socket.resetAndDestroy()
      return
    case 'accept-then-drop':
      exchange.work()
      request.socket.destroy()
      return
  }
}
