import { z } from 'zod'
import { entityVersion } from '../../../domain/platform/parts.ts'
import { deleteEntity } from '../../../mirror/delete-entity.ts'
import { queryOf, queryParameters } from '../../http/query-options.ts'
import type { Route } from '../../http/route.ts'
import type { Intake } from '../../intake.ts'
import type { EntityPath } from './entity-paths.ts'
import { authorizeWrite, expectId, writing } from './platform-request.ts'

const query = z.strictObject({
  version: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,15})$/, 'is no version')
    .transform(Number)
    .pipe(entityVersion)
    .describe('The version of the deletion, or of what it deletes.'),
})
const answer = z.object({
  kind: z.string(),
  id: z.string(),
  version: z.int(),
  status: z.enum(['deleted', 'outdated']),
  known_version: z.int().optional().describe('the newer one that is known, and stays, when this is outdated'),
})

/** Tells that an entity is gone. */
export function deleteEntityRoute(
  { knex, authorize }: Intake,
  { kind, path, parameter, name, words }: EntityPath,
): Route {
  return {
    method: 'delete',
    path,
    operations: {
      [path]: {
        id: `delete${name}`,
        tag: 'mirror',
        summary: `Tell that ${words} ${kind === 'preferences' ? 'are' : 'is'} gone`,
        about: `${abouts[kind] ?? 'It is forgotten.'} What is told of this version or an older one changes nothing after it.`,
        scope: 'platform:write',
        parameters: queryParameters(query),
        body: null,
        answer: { status: 200, about: 'It is gone, now or already before; or what is known is newer.', schema: answer },
        problems: ['invalid-entity', 'live-only', 'mirror-is-a-view'],
      },
    },
    async handler(request, response) {
      await authorizeWrite(authorize, request)
      const id = expectId(request, parameter)
      const { version } = queryOf(request, query)
      const { deleted, knownVersion } = await writing(() => deleteEntity(knex, kind, id, version))
      const isOutdated = deleted === 'outdated'
      const known = isOutdated ? { known_version: knownVersion } : {}
      response.json({ kind, id, version, status: isOutdated ? 'outdated' : 'deleted', ...known })
    },
  }
}

const abouts: Readonly<Partial<Record<string, string>>> = {
  user: 'Preferences, devices and what events told of the person go too.',
  booking: 'Nothing is sent: to cancel a booking is an event.',
}
