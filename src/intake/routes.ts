import type { Route } from './http/route.ts'
import type { Intake } from './intake.ts'
import { acceptJobRoute } from './routes/accept-job.ts'
import { acceptManyRoute } from './routes/accept-many.ts'
import { batchRoutes } from './routes/batches.ts'
import { cancelJobRoute } from './routes/cancel-job.ts'
import { describeApiRoutes } from './routes/describe-api.ts'
import { findJobsRoute } from './routes/find-jobs.ts'
import { healthRoute, readyRoute } from './routes/health.ts'
import { inboxRoutes } from './routes/inbox.ts'
import { inboxReplayRoutes } from './routes/inbox-replay.ts'
import { jobEventsRoute } from './routes/job-events.ts'
import { listJobTypesRoute } from './routes/list-job-types.ts'
import { metricsRoute } from './routes/metrics.ts'
import { broadcastRoutes } from './routes/broadcasts/broadcast-routes.ts'
import { notificationRoutes } from './routes/notifications/notification-routes.ts'
import { platformRoutes } from './routes/platform/platform-routes.ts'
import { putScheduleRoute } from './routes/put-schedule.ts'
import { retryJobRoute } from './routes/retry-job.ts'
import { scheduleRoutes } from './routes/schedules.ts'
import { showJobRoute } from './routes/show-job.ts'
import { showKeyRoute } from './routes/show-key.ts'
import { showProblemRoute } from './routes/show-problem.ts'
import { showStoryRoute } from './routes/stories.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { syncRoute } from './routes/sync.ts'
import { syncsRoutes } from './routes/syncs.ts'

/** Every route of the API, in the order of its description. */
export function routesOf(intake: Intake): Route[] {
  return describeApiRoutes(intake, [
    acceptJobRoute(intake),
    acceptManyRoute(intake),
    ...batchRoutes(intake),
    findJobsRoute(intake),
    showJobRoute(intake),
    jobEventsRoute(intake),
    cancelJobRoute(intake),
    retryJobRoute(intake),
    showStoryRoute(intake),
    putScheduleRoute(intake),
    ...scheduleRoutes(intake),
    ...notificationRoutes(intake),
    ...broadcastRoutes(intake),
    ...platformRoutes(intake),
    syncRoute(intake),
    ...syncsRoutes(intake),
    listJobTypesRoute(intake),
    showKeyRoute(intake),
    ...webhookRoutes(intake),
    ...inboxReplayRoutes(intake),
    ...inboxRoutes(intake),
    showProblemRoute(),
    healthRoute(),
    readyRoute(intake),
    metricsRoute(intake),
  ])
}
