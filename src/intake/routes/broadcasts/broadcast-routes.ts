import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import { cancelBroadcastRoute } from './cancel-broadcast.ts'
import { sendBroadcastRoute } from './send-broadcast.ts'
import { showBroadcastRoute } from './show-broadcast.ts'

/** Telling many people the same, and how far that has come. */
export function broadcastRoutes(intake: Intake): Route[] {
  return [sendBroadcastRoute(intake), showBroadcastRoute(intake), cancelBroadcastRoute(intake)]
}
