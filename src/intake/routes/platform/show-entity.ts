import { z } from 'zod'
import { entityKinds } from '../../../domain/platform/kinds.ts'
import { platformId } from '../../../domain/platform/parts.ts'
import { findEntity } from '../../../mirror/find-entity.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import type { EntityPath } from './entity-paths.ts'

/** Shows one entity as it is kept. */
export function showEntityRoute(
  { knex, authorize }: Intake,
  { kind, path, parameter, name, words }: EntityPath,
): Route {
  const kept = { id: z.string(), synced_at: z.iso.datetime().describe('when this version was told') }
  const schema = entityKinds[kind].safeExtend(kept)
  return {
    method: 'get',
    path,
    operations: {
      [path]: {
        id: `show${name}`,
        tag: 'mirror',
        summary: `Show what is known of ${words}`,
        about: 'As it was told, with what was left out filled in.',
        scope: 'platform:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'What is known.', schema },
        problems: ['no-such-entity'],
      },
    },
    async handler(request, response) {
      await authorize(request, 'platform:read')
      const { data: id } = platformId.safeParse(request.params[parameter])
      const entity = id === undefined ? undefined : await findEntity(knex, kind, id)
      if (entity === undefined) throw new Problem('no-such-entity')
      response.json(entity)
    },
  }
}
