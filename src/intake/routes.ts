import type { Route } from './http/route.ts'
import type { Intake } from './intake.ts'
import { acceptJobRoute } from './routes/accept-job.ts'
import { bookingWebhookRoute } from './routes/booking-webhook.ts'
import { healthRoute, readyRoute } from './routes/health.ts'
import { listJobTypesRoute } from './routes/list-job-types.ts'
import { showJobRoute } from './routes/show-job.ts'

/** Every route of the API, in the order of its description. */
export function routesOf(intake: Intake): Route[] {
  return [
    acceptJobRoute(intake),
    showJobRoute(intake),
    listJobTypesRoute(intake),
    bookingWebhookRoute(intake),
    healthRoute(),
    readyRoute(intake),
  ]
}
