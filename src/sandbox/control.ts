import express, { type ErrorRequestHandler, type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { type EffectLog, PROVIDERS } from './effects.ts'
import { type FaultList, fault } from './faults.ts'
import { isLoopback } from './loopback.ts'
import type { EntityList } from './platform/entities.ts'
import type { MailEvents } from './sendgrid/events.ts'
import type { MessageList } from './twilio/messages.ts'

const MAX_CONTROL_BODY_BYTES = 64 * 1024

const effectQuery = z.strictObject({
  provider: z.enum(PROVIDERS).optional(),
  key: z.string().optional(),
  recipient: z.string().optional(),
})

const target = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .refine(url => isLoopback(new URL(url).hostname), 'must be a loopback address')
    .nullable(),
})

const entity = z.record(z.string(), z.unknown())

const again = z.strictObject({ key: z.string().optional() })

/** Problem details (RFC 9457) naming each field at fault. */
function refuse(response: Response, title: string, errors: readonly { field: string; message: string }[]): void {
  response.status(400).type('application/problem+json').json({ type: 'about:blank', title, status: 400, errors })
}

/** The parsed input, or undefined after a 400 was answered. */
function parsed<T>(schema: z.ZodType<T>, input: unknown, response: Response): T | undefined {
  const { data, error } = schema.safeParse(input)
  if (error) {
    const errors = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
    refuse(response, 'The request is not valid.', errors)
  }
  return data
}

const badJson: ErrorRequestHandler = (_error, _request, response, _next) => {
  refuse(response, 'The body is not JSON, or too large.', [])
}

const done = (response: Response) => response.status(204).end()

/** How tests and demos make the providers fail, hold evidence back, and count what really happened. */
export function controlRoutes(
  effects: EffectLog,
  faults: FaultList,
  events: MailEvents,
  messages: MessageList,
  entities: EntityList,
): Router {
  const router = express.Router()
  router.use(express.json({ limit: MAX_CONTROL_BODY_BYTES }))

  router.get('/faults', (_request, response) => void response.json({ faults: faults.list() }))
  router.post('/faults', (request, response) => {
    const wanted = parsed(fault, request.body, response)
    if (wanted === undefined) return
    if (faults.add(wanted)) response.status(201).json(wanted)
    else refuse(response, 'Too many faults are waiting.', [])
  })
  router.delete('/faults', (_request, response) => {
    faults.clear()
    done(response)
  })

  router.get('/effects', (request, response) => {
    const filter = parsed(effectQuery, request.query, response)
    if (filter !== undefined) response.json({ effects: effects.list(filter) })
  })
  router.delete('/effects', (_request, response) => {
    effects.clear()
    events.clear()
    messages.clear()
    entities.clear()
    done(response)
  })
  router.get('/counts', (_request, response) => void response.json(effects.counts()))

  router.put('/platform/:path/:id', (request: Request<{ path: string; id: string }>, response) => {
    const known = parsed(entity, request.body, response)
    if (known === undefined) return
    if (entities.put(request.params.path, request.params.id, known)) done(response)
    else refuse(response, 'Too many entities are known.', [])
  })

  router.get('/events', (_request, response) => void response.json(events.status()))
  router.put('/events/target', (request: Request, response) => {
    const wanted = parsed(target, request.body, response)
    if (wanted === undefined) return
    events.target(wanted.url)
    done(response)
  })
  router.post('/events/pause', (_request, response) => {
    events.pause()
    done(response)
  })
  router.post('/events/resume', (_request, response) => {
    events.resume()
    done(response)
  })
  router.post('/events/again', (request: Request, response) => {
    const wanted = parsed(again, request.body ?? {}, response)
    if (wanted !== undefined) response.json({ events: events.again(wanted.key) })
  })
  router.use(badJson)
  return router
}
