import { validate } from 'uuid'
import type { z } from 'zod'
import { findNotification, type Notification } from '../../../db/notifications.ts'
import { type NotificationStanding, notificationStanding } from '../../../ledger/notification-standing.ts'
import { shownNotification } from '../../http/notification-shapes.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const path = '/v1/notifications/{id}'

/** Shows what became of a notification, channel by channel. */
export function showNotificationRoute({ knex, run, authorize }: Intake): Route {
  return {
    method: 'get',
    path,
    operations: {
      [path]: {
        id: 'showNotification',
        tag: 'notifications',
        summary: 'Show what became of a notification',
        about:
          'Why each channel was used, put off or left out, and what its provider has said. Events make notifications too.',
        scope: 'notifications:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The notification.', schema: shownNotification },
        problems: ['no-such-notification'],
      },
    },
    async handler(request, response) {
      const tenant = visibleTenant(await authorize(request, 'notifications:read'))
      const id = String(request.params['id'])
      const notification = validate(id) ? await findNotification(knex, id, tenant) : undefined
      if (notification === undefined) throw new Problem('no-such-notification')
      response.json(shown(notification, await notificationStanding(run, notification)))
    },
  }
}

function shown(notification: Notification, standing: NotificationStanding): z.output<typeof shownNotification> {
  const { id, category, template, title, entity, created_at, expires_at, read_at, cancelled_reason } = notification
  const { state, reason, deliveries } = standing
  const isSent = (channel: string) => {
    const delivery = deliveries.find(one => one.channel === channel)
    // A channel that was not asked for is not used; while nothing is decided, nobody knows.
    return delivery === undefined ? (state === 'undecided' ? null : false) : delivery.isSent
  }
  return {
    id,
    to: readerOf(notification),
    category,
    template,
    title,
    entity,
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    read_at: read_at?.toISOString() ?? null,
    state,
    reason: cancelled_reason ?? reason,
    results: { push: isSent('push'), email: isSent('email'), sms: isSent('sms') },
    deliveries: deliveries.map(delivery => ({
      channel: delivery.channel,
      state: delivery.state,
      reason: delivery.reason,
      until: delivery.until?.toISOString() ?? null,
      job_id: delivery.jobId,
      provider_status: delivery.providerStatus,
    })),
  }
}

function readerOf({ user_id, to_email, to_phone, country }: Notification) {
  if (user_id !== null) return { user_id }
  return to_email === null ? { phone: to_phone ?? '', country: country ?? '' } : { email: to_email }
}
