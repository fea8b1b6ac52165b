import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import { deleteEntityRoute } from './delete-entity.ts'
import { deviceRoutes } from './devices.ts'
import { entityPaths } from './entity-paths.ts'
import { putEntityRoute } from './put-entity.ts'
import { showEntityRoute } from './show-entity.ts'

/** The mirror: what the platform tells us of, entity by entity. */
export function platformRoutes(intake: Intake): Route[] {
  const routes = entityPaths.flatMap(path => [
    putEntityRoute(intake, path),
    showEntityRoute(intake, path),
    deleteEntityRoute(intake, path),
  ])
  return [...routes, ...deviceRoutes(intake)]
}
