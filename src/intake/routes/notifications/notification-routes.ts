import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import { cancelNotificationsRoute } from './cancel-notifications.ts'
import { readNotificationRoute } from './read-notification.ts'
import { sendNotificationRoute } from './send-notification.ts'
import { showNotificationRoute } from './show-notification.ts'
import { userInboxRoutes } from './user-inbox.ts'

/** Telling people something, and what became of it. */
export function notificationRoutes(intake: Intake): Route[] {
  return [
    sendNotificationRoute(intake),
    cancelNotificationsRoute(intake),
    showNotificationRoute(intake),
    readNotificationRoute(intake),
    ...userInboxRoutes(intake),
  ]
}
