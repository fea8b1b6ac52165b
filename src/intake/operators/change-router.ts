import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response, Router } from 'express'
import type { Session } from '../../db/sessions.ts'
import { isDatabaseAway } from '../../db/database-away.ts'
import { statementsIn } from '../../db/statement.ts'
import { writeAudit } from '../../ledger/audit.ts'
import type { Done } from './board-actions.ts'
import { type BoardChange, boardChanges } from './board-changes.ts'
import { BoardRefusal, refusedEntry } from './board-refusal.ts'
import { expectOwnPage, originOf, tokenHeader } from './board-token.ts'
import { jobIdIn } from './board-view.ts'
import { hasRole, sessionOf } from './guard.ts'
import type { OperatorDeps } from './routes.ts'

const maxBodyBytes = 131_072
const maxTargetChars = 120
const readBody = express.json({ limit: maxBodyBytes })

const unknown = { name: 'board.unknown', never: 'Bull Board does not do this here.' }

/**
 * Answers every change the board's page can ask for, so that none of the board's own handlers is reached: who asks, from
 * where, and whether the role allows it are checked first; what is done goes through the ledger, in one transaction with
 * its audit entry; what is refused is written down too. A changing route this table does not know is refused.
 */
export function changeRouter(deps: OperatorDeps): Router {
  const router = Router()
  for (const [route, change] of Object.entries(boardChanges)) {
    const [method = '', path = ''] = route.split(' ')
    router.all(path, onlyOn(method.toUpperCase()), readBody, carryOut(deps, change))
  }
  const refuseUnknown = carryOut(deps, unknown, ({ method, path }) => `path:${method} ${path}`)
  const refuseChange: RequestHandler = (req, res, next) => (isReading(req) ? next() : refuseUnknown(req, res, next))
  router.use(refuseChange, answerFaults)
  return router
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Goes on to the next route for another method. */
function onlyOn(method: string): RequestHandler {
  return (req, _res, next) => {
    if (req.method === method) next()
    else next('route')
  }
}

function carryOut(deps: OperatorDeps, change: BoardChange, targetIn = targetOf): RequestHandler {
  const { config, knex, run, catalog } = deps
  return async (req, res) => {
    const session = sessionOf(res)
    const asked = {
      actor: session.email,
      action: change.name,
      target: storable(targetIn(req)),
      origin: originOf(req),
    }
    try {
      expectOwnPage(req, session, config, req.get(tokenHeader) ?? '')
      const act = actionFor(change, session)
      const params = stringsIn(req.params)
      const done = await knex.transaction(async tx => {
        const inTransaction = statementsIn(tx)
        const call = { tx, run: inTransaction, config, catalog, who: session.email, params, body: req.body as unknown }
        const result = await act(call)
        await writeAudit(inTransaction, { ...asked, detail: result.detail })
        return result
      })
      answerDone(res, done)
    } catch (error) {
      if (!(error instanceof BoardRefusal)) throw error
      await writeAudit(run, refusedEntry(asked, error))
      res.status(error.status).json({ error: error.title, message: error.message })
    }
  }
}

function actionFor(change: BoardChange, session: Session) {
  if ('never' in change) throw new BoardRefusal(403, 'Not done here', change.never)
  if (hasRole(session, change.role)) return change.act
  throw new BoardRefusal(403, 'Not yours to do', `This needs the role ${change.role}; yours is ${session.role}.`)
}

/** What a change is about, as the audit log names it. */
function targetOf({ params }: Request): string {
  const { queueName, jobId, schedulerId } = stringsIn(params)
  const id = jobId === undefined ? undefined : `job:${jobIdIn(jobId) ?? jobId}`
  const schedule = schedulerId === undefined ? undefined : `schedule:${schedulerId}`
  return id ?? schedule ?? (queueName === undefined ? 'queue:*' : `queue:${queueName}`)
}

/** Short, and without what Postgres would not keep. */
function storable(text: string): string {
  return text.replaceAll('\0', '').slice(0, maxTargetChars).toWellFormed()
}

function stringsIn(params: Request['params']): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))
}

function answerDone(res: Response, { status, job, body = {} }: Done): void {
  res.status(status ?? 200).json(job ? { job: { id: job.id, name: job.name }, status: job.column } : body)
}

const answerFaults: ErrorRequestHandler = (error: unknown, _req, res, next) => {
  if (isDatabaseAway(error) && !res.headersSent) {
    const message = 'Whether it was done is not known: look again when the page is back.'
    res.status(503).json({ error: 'Our database does not answer', message })
  } else next(error)
}
