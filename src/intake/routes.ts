import type { Route } from './http/route.ts'
import type { Intake } from './intake.ts'
import { acceptJobRoute } from './routes/accept-job.ts'
import { acceptManyRoute } from './routes/accept-many.ts'
import { batchRoutes } from './routes/batches.ts'
import { bookingWebhookRoute } from './routes/booking-webhook.ts'
import { describeApiRoutes } from './routes/describe-api.ts'
import { healthRoute, readyRoute } from './routes/health.ts'
import { listJobTypesRoute } from './routes/list-job-types.ts'
import { metricsRoute } from './routes/metrics.ts'
import { sendgridWebhookRoute } from './routes/sendgrid-webhook.ts'
import { showJobRoute } from './routes/show-job.ts'
import { showKeyRoute } from './routes/show-key.ts'
import { showProblemRoute } from './routes/show-problem.ts'

/** Every route of the API, in the order of its description. */
export function routesOf(intake: Intake): Route[] {
  return describeApiRoutes(intake, [
    acceptJobRoute(intake),
    acceptManyRoute(intake),
    ...batchRoutes(intake),
    showJobRoute(intake),
    listJobTypesRoute(intake),
    showKeyRoute(intake),
    bookingWebhookRoute(intake),
    sendgridWebhookRoute(intake),
    showProblemRoute(),
    healthRoute(),
    readyRoute(intake),
    metricsRoute(intake),
  ])
}
