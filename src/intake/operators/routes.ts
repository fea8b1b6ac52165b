import { type ErrorRequestHandler, Router } from 'express'
import type { Knex } from 'knex'
import type { Logger } from 'pino'
import type { Catalog } from '../../../queues/catalog.ts'
import type { Config } from '../../config/load.ts'
import { isDatabaseAway } from '../../db/database-away.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { QueueBackend } from '../../queue/backend.ts'
import { sendMessage } from '../pages/message-page.ts'
import { showAudit } from './audit-log.ts'
import { queueBoard } from './board.ts'
import { requireRole, wantsPage } from './guard.ts'
import { inboxPages } from './inbox.ts'
import { loginRoutes } from './login.ts'
import { showOverview } from './overview.ts'
import { pageHeaders } from './page-headers.ts'
import { findStory, showJobStory, showStory } from './stories.ts'

/** What the operators' pages need. */
export interface OperatorDeps {
  readonly config: Config
  readonly knex: Knex
  readonly run: RunStatement
  readonly backend: QueueBackend
  readonly catalog: Catalog
  readonly log: Logger
}

const places = ['/login', '/logout', '/admin']

/** Everything for people: signing in, the overview, Bull Board, stories and the inbox. Mount at the root. */
export function operatorRoutes(deps: OperatorDeps): Router {
  const router = Router()
  router.use(places, pageHeaders)
  router.use(loginRoutes(deps))
  router.use('/admin', requireRole(deps.knex, 'viewer'))
  router.use('/admin/queues', queueBoard(deps))
  router.get('/admin', showOverview(deps))
  router.get('/admin/audit', showAudit(deps.run))
  router.use('/admin/inbox', inboxPages(deps))
  router.get('/admin/story', findStory)
  router.get('/admin/story/job/:id', showJobStory(deps.run))
  router.get('/admin/story/:entity', showStory(deps))
  router.use(places, pageErrors)
  return router
}

const tryAgainSeconds = 5

const pageErrors: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (!wantsPage(req) || res.headersSent || !isDatabaseAway(error)) next(error)
  else {
    const message = 'Our database does not answer. Nothing accepted is lost; this page tries again by itself.'
    res.set('Retry-After', String(tryAgainSeconds))
    sendMessage(res, 503, 'One moment', message, { refreshSeconds: tryAgainSeconds })
  }
}
