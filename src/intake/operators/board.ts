import { createBullBoard } from '@bull-board/api'
import type { ControllerHandlerReturnType } from '@bull-board/api/typings/app'
import { ExpressAdapter } from '@bull-board/express'
import { type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { Catalog } from '../../../queues/catalog.ts'
import { sendMessage } from '../pages/message-page.ts'
import { queueSchedules } from './board-schedules.ts'
import { standReader } from './board-stands.ts'
import { giveBoardToken } from './board-token.ts'
import { changeRouter } from './change-router.ts'
import { DirectQueueAdapter } from './direct-queue-adapter.ts'
import { hasRole, sessionOf, wantsPage } from './guard.ts'
import { LedgerQueueAdapter } from './ledger-queue-adapter.ts'
import type { OperatorDeps } from './routes.ts'
import { storeFault } from './store-fault.ts'

const basePath = '/admin/queues'
const tryAgainSeconds = 5
const listRoute = '/api/queues'
const listing = z.looseObject({ queues: z.array(z.looseObject({ name: z.string() })) })

/** The strictest policy the board's page works under: its own files only, so its outside font is never asked for. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
]
const styles = "style-src 'self'"
/** The editor of its add dialog writes its own style sheet, so those who may add get a little more. */
const editorStyles = `${styles} 'unsafe-inline'`

/** Bull Board over the ledger: it shows, and what it is asked to change goes through the ledger. Mount it behind the guard. */
export function queueBoard(deps: OperatorDeps): Router {
  const router = Router()
  router.use(
    boardHeaders,
    giveBoardToken(deps.config, basePath),
    changeRouter(deps),
    withoutInlineParts,
    showBoards(deps),
  )
  return router
}

/** The board of those who may only look has no buttons; that it would not obey them either is change-router.ts's work. */
function makeBoard({ run, backend, catalog }: OperatorDeps, withButtons: boolean): RequestHandler {
  const adapter = new ExpressAdapter().setBasePath(basePath)
  const reads = { run, standOf: standReader(run), schedulesOf: queueSchedules(run) }
  createBullBoard({
    queues: [...catalog.values()].map(contract => {
      const queue = backend.queue(contract.name)
      return contract.durability === 'queue'
        ? new DirectQueueAdapter(queue, contract)
        : new LedgerQueueAdapter(queue, contract, reads)
    }),
    serverAdapter: adapter,
    options: {
      handlerHooks: withButtons
        ? { after: ({ route }, result) => (route === listRoute ? offerButtons(result, catalog) : result) }
        : {},
      uiConfig: {
        boardTitle: 'hbnb-jobs',
        hideDocsLink: true,
        // Its button shows the Redis logo on PostgreSQL too, and inlines a style sheet the policy would have to allow.
        hideRedisDetails: true,
        // Workers share connections here, so what BullMQ can tell of them per queue would mislead.
        showWorkers: false,
        overview: { groupByDelimiter: true },
        miscLinks: [
          { text: 'Overview and stories', url: '/admin' },
          { text: 'Audit log', url: '/admin/audit' },
          { text: 'API docs', url: '/docs' },
        ],
      },
    },
  })
  return adapter.getRouter()
}

/** Queues are read-only to Bull Board's own handlers; of the ledger's its page is told otherwise. What has completed is not repeated. */
function offerButtons(result: ControllerHandlerReturnType, catalog: Catalog): ControllerHandlerReturnType {
  const { data } = listing.safeParse(result.body)
  if (!data) return result
  const buttons = { readOnlyMode: false, allowRetries: true, allowCompletedRetries: false }
  const queues = data.queues.map(queue =>
    catalog.get(queue.name)?.durability === 'ledger' ? { ...queue, ...buttons } : queue,
  )
  return { ...result, body: { ...data, queues } }
}

/**
 * The boards, made when their store first answers: a BullMQ queue that is opened while Redis is away stays broken when it is
 * back (6.7.0). While the store is away a page says so, because the board itself would show nothing but spinners.
 */
function showBoards(deps: OperatorDeps): RequestHandler {
  const boards = new Map<boolean, RequestHandler>()
  return async (req, res, next) => {
    const isPage = wantsPage(req) && !req.path.startsWith('/static/')
    const withButtons = hasRole(sessionOf(res), 'operator')
    const known = boards.get(withButtons)
    const fault = known === undefined || isPage ? await storeFault(deps.backend) : undefined
    if (fault !== undefined) {
      res.set('Retry-After', String(tryAgainSeconds))
      if (isPage) sendAway(res, fault)
      else res.status(503).json({ error: `the queue store does not answer (${fault})` })
      return
    }
    const board = known ?? makeBoard(deps, withButtons)
    boards.set(withButtons, board)
    await board(req, res, next)
  }
}

function sendAway(res: Response, fault: string): void {
  const message = `The queue store does not answer (${fault}). Jobs are safe in the ledger and go on when it is back; this page tries again by itself.`
  sendMessage(res, 503, 'The queues cannot be shown', message, { refreshSeconds: tryAgainSeconds })
}

const boardHeaders: RequestHandler = (req, res, next) => {
  const isEditor = hasRole(sessionOf(res), 'operator')
  res.set('Content-Security-Policy', [...policy, isEditor ? editorStyles : styles].join('; '))
  if (req.path.startsWith('/static/')) res.set('Cache-Control', 'private, no-cache')
  next()
}

/** Takes from the board's page its link to an outside font, and the inline style of its loading screen. */
const withoutInlineParts: RequestHandler = (_req, res, next) => {
  const send = res.send.bind(res)
  res.send = body => send(typeof body === 'string' ? strip(body) : body)
  next()
}

function strip(page: string): string {
  return page
    .replace(/<link href="https:[^>]*>/g, '')
    .replace(/<div id="root">[\s\S]*?<\/style>\s*<\/div>/, '<div id="root"></div>')
}
