import { validate } from 'uuid'
import { z } from 'zod'
import { markRead } from '../../../db/notification-inbox.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { harmlessAgain, storing } from '../../http/storing.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const path = '/v1/notifications/{id}/read'

/** Notes that somebody has read a notification in the app. */
export function readNotificationRoute({ knex, authorize }: Intake): Route {
  return {
    method: 'post',
    path,
    operations: {
      [path]: {
        id: 'readNotification',
        tag: 'notifications',
        summary: 'Note that a notification was read',
        about: 'What of it was put off is not sent any more. The first time counts.',
        scope: 'notifications:write',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'It is read.', schema: z.object({ id: z.uuid(), read_at: z.iso.datetime() }) },
        problems: ['no-such-notification', 'sandbox-absent'],
      },
    },
    async handler(request, response) {
      const tenant = visibleTenant(await authorize(request, 'notifications:write'))
      const id = String(request.params['id'])
      const readAt = validate(id) ? await storing(harmlessAgain, () => markRead(knex, id, tenant)) : undefined
      if (readAt === undefined) throw new Problem('no-such-notification')
      response.json({ id, read_at: readAt.toISOString() })
    },
  }
}
