import { z } from 'zod'
import { findSync, listSyncs, type Sync } from '../../mirror/sync/syncs.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { listedSyncs, shownSync, syncName } from '../http/sync-shapes.ts'
import type { Intake } from '../intake.ts'
import { shownProgress } from '../sync/tell-progress.ts'

const syncsPerPage = 100

const listQuery = z.strictObject({
  cursor: syncName.optional().describe('The next_cursor of the page before.'),
})

/** How far syncs are, while they run and afterwards. */
export function syncsRoutes({ run, authorize }: Intake): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/sync',
      operations: {
        '/v1/sync': {
          id: 'listSyncs',
          tag: 'mirror',
          summary: 'List the syncs',
          about: 'By name: how far each is, or how it ended.',
          scope: 'platform:read',
          parameters: queryParameters(listQuery),
          body: null,
          answer: { status: 200, about: 'One page of syncs.', schema: listedSyncs },
          problems: [],
        },
      },
      async handler(request, response) {
        await authorize(request, 'platform:read')
        const { cursor = null } = queryOf(request, listQuery)
        const syncs = await listSyncs(run, { after: cursor, limit: syncsPerPage })
        const last = syncs.at(-1)?.name ?? null
        response.json({ syncs: syncs.map(factsOf), next_cursor: syncs.length < syncsPerPage ? null : last })
      },
    },
    {
      method: 'get',
      path: '/v1/sync/{sync}',
      operations: {
        '/v1/sync/{sync}': {
          id: 'showSync',
          tag: 'mirror',
          summary: 'Show a sync',
          about: 'How far it is, and the first lines that were refused, with the reasons.',
          scope: 'platform:read',
          parameters: [],
          body: null,
          answer: { status: 200, about: 'The sync.', schema: shownSync },
          problems: ['no-such-sync'],
        },
      },
      async handler(request, response) {
        await authorize(request, 'platform:read')
        const name = syncName.safeParse(request.params['sync'])
        const sync = name.success ? await findSync(run, name.data) : undefined
        if (!sync) throw new Problem('no-such-sync')
        response.json({ ...factsOf(sync), bad_lines: sync.badLines })
      },
    },
  ]
}

function factsOf(sync: Omit<Sync, 'badLines'>) {
  const { name, state, startedAt, updatedAt } = sync
  return {
    name,
    state,
    ...shownProgress(sync),
    started_at: startedAt.toISOString(),
    updated_at: updatedAt.toISOString(),
  }
}
