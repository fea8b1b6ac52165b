import express, { type Express } from 'express'
import { accepter } from '../ledger/accept-once.ts'
import { ledgerMetrics } from '../observability/ledger-metrics.ts'
import { authorizer } from './auth/authorize.ts'
import { jobWatch } from './events/job-watch.ts'
import { answerErrors } from './http/answer-errors.ts'
import { Problem } from './http/problem.ts'
import { giveRequestId } from './http/request-id.ts'
import { logRequests, noteRoute } from './http/request-log.ts'
import { traceRequests } from './http/request-trace.ts'
import { mountRoutes, type Route } from './http/route.ts'
import { securityHeaders } from './http/security-headers.ts'
import type { Intake, IntakeParts } from './intake.ts'
import { admission } from './limits/admission.ts'
import { waitingRoom } from './limits/waiting-limits.ts'
import { operatorRoutes } from './operators/routes.ts'
import { routesOf } from './routes.ts'
import { unsubscribePages } from './routes/unsubscribe.ts'

/** The HTTP door: everything but listening. `routesFor` may change what is mounted. */
export function createApp(parts: IntakeParts, routesFor: (intake: Intake) => Route[] = routesOf): Express {
  const { config, run, log, registry } = parts
  const intake: Intake = {
    ...parts,
    authorize: authorizer(parts),
    accept: accepter(run),
    acceptOneOfMany: accepter(run),
    waitingRoom: waitingRoom(run, config.waiting),
    admit: admission(config.admission),
    watch: jobWatch(run, log),
    stopping: parts.stopping ?? new AbortController().signal,
  }
  const app = express()
  app.disable('x-powered-by')
  app.enable('case sensitive routing')
  app.enable('strict routing')
  app.set('trust proxy', config.http.trustProxy)
  app.use(giveRequestId, traceRequests, securityHeaders, logRequests(log, registry))
  ledgerMetrics(registry, run)
  mountRoutes(app, routesFor(intake))
  app.use(noteRoute('pages'), unsubscribePages(parts), operatorRoutes(parts))
  app.use(noteRoute('none'), () => {
    throw new Problem('not-found')
  })
  app.use(answerErrors(log))
  return app
}
