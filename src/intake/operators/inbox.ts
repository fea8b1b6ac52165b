import express, { type RequestHandler, Router } from 'express'
import { z } from 'zod'
import { shownBody } from '../../db/inbox-body.ts'
import { findInboxEntry } from '../../db/inbox-event.ts'
import { inboxSources } from '../../db/inbox-job.ts'
import { inboxStates, searchInbox } from '../../db/inbox-search.ts'
import type { RunStatement } from '../../db/statement.ts'
import { inboxEventPage } from '../pages/inbox-event-page.ts'
import { inboxPage } from '../pages/inbox-page.ts'
import { sendMessage } from '../pages/message-page.ts'
import { hasRole, sessionOf } from './guard.ts'
import { replayFromPage } from './inbox-replay.ts'
import type { OperatorDeps } from './routes.ts'

const eventsPerPage = 50
const maxFormBytes = 8_192
const maxFieldChars = 100
const form = express.urlencoded({ extended: false, limit: maxFormBytes, parameterLimit: 10 })

const text = z
  .string()
  .trim()
  .min(1)
  .max(maxFieldChars)
  .refine(value => value.isWellFormed() && !value.includes('\0'))
  .optional()
  .catch(undefined)

/** What an address says of the list; what cannot be read counts as not said. */
const wantedEvents = z.object({
  source: z.enum(inboxSources).optional().catch(undefined),
  type: text,
  entity: text,
  state: z.enum(inboxStates).optional().catch(undefined),
  before: z.uuid().optional().catch(undefined),
})

/** `/admin/inbox`: what the webhooks received, one event, and its replay. */
export function inboxPages(deps: OperatorDeps): Router {
  const router = Router()
  router.get('/', showInbox(deps.run))
  router.get('/:id', showInboxEvent(deps.run))
  router.post('/:id/replay', form, replayFromPage(deps))
  return router
}

function showInbox(run: RunStatement): RequestHandler {
  return async (req, res) => {
    const { before, ...filter } = wantedEvents.parse(req.query)
    const { events, next } = await searchInbox(run, filter, { limit: eventsPerPage, before })
    res.send(inboxPage({ filter, events, next, isFirst: before === undefined, visitor: sessionOf(res) }))
  }
}

function showInboxEvent(run: RunStatement): RequestHandler<{ id: string }> {
  return async (req, res) => {
    const visitor = sessionOf(res)
    const id = z.uuid().safeParse(req.params.id)
    const entry = id.success ? await findInboxEntry(run, id.data) : undefined
    if (!entry)
      return sendMessage(res, 404, 'No such event', 'The inbox has no event of this id (any more).', { visitor })
    const body = shownBody(entry.source, entry.body)
    res.send(inboxEventPage({ ...entry, body }, { visitor, mayReplay: hasRole(visitor, 'operator') }))
  }
}
