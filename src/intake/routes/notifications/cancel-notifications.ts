import { z } from 'zod'
import { cancelNotifications } from '../../../ledger/cancel-notifications.ts'
import { cancelBody } from '../../http/notification-shapes.ts'
import { fieldFaults } from '../../http/pointer.ts'
import { Problem } from '../../http/problem.ts'
import { jsonBody } from '../../http/json-body.ts'
import type { Route } from '../../http/route.ts'
import { harmlessAgain, storing } from '../../http/storing.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const maxBodyBytes = 1_024
const path = '/v1/notifications/cancel'
const reason = 'its sender has taken it back'

/** Takes back what is about something and has not been sent yet. */
export function cancelNotificationsRoute({ knex, authorize }: Intake): Route {
  return {
    method: 'post',
    path,
    operations: {
      [path]: {
        id: 'cancelNotifications',
        tag: 'notifications',
        summary: 'Take back notifications',
        about:
          'All that are about something and not sent yet, or only those of a category. What is being sent goes out.',
        scope: 'notifications:write',
        parameters: [],
        body: { schema: cancelBody, maxBytes: maxBodyBytes },
        answer: {
          status: 200,
          about: 'They are taken back.',
          schema: z.object({ cancelled: z.int().min(0).describe('how many notifications; 0: nothing was open') }),
        },
        problems: ['bad-json', 'body-too-large', 'unsupported-media-type', 'invalid-payload', 'sandbox-absent'],
      },
    },
    async handler(request, response) {
      const tenant = visibleTenant(await authorize(request, 'notifications:write'))
      const { value, faults } = await jsonBody(request, response, maxBodyBytes)
      const { data, error } = cancelBody.safeParse(value)
      const errors = [...faults, ...fieldFaults(error?.issues ?? [], value)]
      if (errors.length > 0 || data === undefined) throw new Problem('invalid-payload', { errors })
      const taken = { ...data, tenant, reason }
      const cancelled = await storing(harmlessAgain, () => knex.transaction(tx => cancelNotifications(tx, taken)))
      response.json({ cancelled })
    },
  }
}
