import { validate } from 'uuid'
import { z } from 'zod'
import { cancelBroadcast } from '../../../db/broadcasts.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { harmlessAgain, storing } from '../../http/storing.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const path = '/v1/broadcasts/{id}/cancel'

/** Stops a broadcast: whoever was not told yet is not. */
export function cancelBroadcastRoute({ knex, authorize }: Intake): Route {
  return {
    method: 'post',
    path,
    operations: {
      [path]: {
        id: 'cancelBroadcast',
        tag: 'notifications',
        summary: 'Stop a broadcast',
        about: 'Whoever was not told yet is not. What is being sent at this moment goes out.',
        scope: 'notifications:write',
        parameters: [],
        body: null,
        answer: {
          status: 200,
          about: 'It is stopped.',
          schema: z.object({ id: z.uuid(), cancelled: z.literal(true) }),
        },
        problems: ['no-such-broadcast', 'sandbox-absent'],
      },
    },
    async handler(request, response) {
      const tenant = visibleTenant(await authorize(request, 'notifications:write'))
      const id = String(request.params['id'])
      const isThere = validate(id) && (await storing(harmlessAgain, () => cancelBroadcast(knex, id, tenant)))
      if (!isThere) throw new Problem('no-such-broadcast')
      response.json({ id, cancelled: true })
    },
  }
}
