import { createBullBoard } from '@bull-board/api'
import { ExpressAdapter } from '@bull-board/express'
import { type RequestHandler, type Response, Router } from 'express'
import { sendMessage } from '../pages/message-page.ts'
import { wantsPage } from './guard.ts'
import { LedgerQueueAdapter } from './ledger-queue-adapter.ts'
import type { OperatorDeps } from './routes.ts'
import { storeFault } from './store-fault.ts'

const basePath = '/admin/queues'
const tryAgainSeconds = 5

/** The strictest policy the board's page works under: its own files only, so its outside font is never asked for. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Bull Board over the ledger, read-only. Mount it behind the guard. */
export function queueBoard(deps: OperatorDeps): Router {
  const router = Router()
  router.use(boardHeaders, refuseChanges, withoutInlineParts, showBoard(deps))
  return router
}

function makeBoard({ run, backend, catalog }: OperatorDeps): RequestHandler {
  const adapter = new ExpressAdapter().setBasePath(basePath)
  createBullBoard({
    queues: [...catalog.values()].map(contract => new LedgerQueueAdapter(backend.queue(contract.name), contract, run)),
    serverAdapter: adapter,
    options: {
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
          { text: 'API docs', url: '/docs' },
        ],
      },
    },
  })
  return adapter.getRouter()
}

/**
 * The board, made when its store first answers: a BullMQ queue that is opened while Redis is away stays broken when it is
 * back (6.7.0). While the store is away a page says so, because the board itself would show nothing but spinners.
 */
function showBoard(deps: OperatorDeps): RequestHandler {
  let board: RequestHandler | undefined
  return async (req, res, next) => {
    const isPage = wantsPage(req) && !req.path.startsWith('/static/')
    const fault = board === undefined || isPage ? await storeFault(deps.backend) : undefined
    if (fault !== undefined) {
      res.set('Retry-After', String(tryAgainSeconds))
      if (isPage) sendAway(res, fault)
      else res.status(503).json({ error: `the queue store does not answer (${fault})` })
      return
    }
    board ??= makeBoard(deps)
    await board(req, res, next)
  }
}

function sendAway(res: Response, fault: string): void {
  const message = `The queue store does not answer (${fault}). Jobs are safe in the ledger and go on when it is back; this page tries again by itself.`
  sendMessage(res, 503, 'The queues cannot be shown', message, { refreshSeconds: tryAgainSeconds })
}

const boardHeaders: RequestHandler = (req, res, next) => {
  res.set('Content-Security-Policy', policy)
  if (req.path.startsWith('/static/')) res.set('Cache-Control', 'private, no-cache')
  next()
}

/** Read-only for everybody, whatever the board's own routes would do. */
const refuseChanges: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') return next()
  res.set('Allow', 'GET, HEAD').status(405).json({ error: 'Bull Board is read-only here' })
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
