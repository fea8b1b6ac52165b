import { z } from 'zod'
import { countUnread, inboxOf, markAllRead } from '../../../db/notification-inbox.ts'
import type { Notification } from '../../../db/notifications.ts'
import { findUser } from '../../../db/users.ts'
import { platformId } from '../../../domain/platform/parts.ts'
import { shownInApp } from '../../../domain/notifications/shown-in-app.ts'
import { cursor, cursorOf } from '../../http/cursor.ts'
import { inboxPage } from '../../http/notification-shapes.ts'
import type { Operation } from '../../http/operation.ts'
import { Problem } from '../../http/problem.ts'
import { queryOf, queryParameters } from '../../http/query-options.ts'
import type { Route } from '../../http/route.ts'
import { pageLimit } from '../../http/search-options.ts'
import { harmlessAgain, storing } from '../../http/storing.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const maxEntries = 100
const defaultEntries = 20

const query = z.strictObject({
  unread: z.enum(['true', 'false']).optional().describe('true: only what was not read yet.'),
  limit: pageLimit(maxEntries, defaultEntries),
  cursor: cursor.optional().describe('The next_cursor of the page before, with the same other options.'),
})

const list: Operation = {
  id: 'listUserNotifications',
  tag: 'notifications',
  summary: 'List what a user was told',
  about: 'Newest first, whatever became of push, e-mail and SMS: the inbox of an app.',
  scope: 'notifications:read',
  parameters: queryParameters(query),
  body: null,
  answer: { status: 200, about: 'One page.', schema: inboxPage },
  problems: ['user-not-found'],
}

const count: Operation = {
  id: 'countUnreadNotifications',
  tag: 'notifications',
  summary: 'Count what a user has not read',
  about: 'The figure on the icon of an app.',
  scope: 'notifications:read',
  parameters: [],
  body: null,
  answer: { status: 200, about: 'So many.', schema: z.object({ unread: z.int().min(0) }) },
  problems: ['user-not-found'],
}

const readAll: Operation = {
  id: 'readAllNotifications',
  tag: 'notifications',
  summary: 'Note that a user has read everything',
  about: 'What was put off and is read by now is not sent any more.',
  scope: 'notifications:write',
  parameters: [],
  body: null,
  answer: {
    status: 200,
    about: 'They are read.',
    schema: z.object({ read: z.int().min(0).describe('how many were new') }),
  },
  problems: ['user-not-found', 'sandbox-absent'],
}

/** What a user was told: the truth to which other channels point. */
export function userInboxRoutes({ knex, authorize }: Intake): Route[] {
  const expectUser = async (told: unknown) => {
    const { data: userId } = platformId.safeParse(told)
    if (userId === undefined || !(await findUser(knex, userId))) throw new Problem('user-not-found')
    return userId
  }
  return [
    {
      method: 'get',
      path: '/v1/users/{user}/notifications',
      operations: { '/v1/users/{user}/notifications': list },
      async handler(request, response) {
        const tenant = visibleTenant(await authorize(request, 'notifications:read'))
        const { unread, limit = defaultEntries, cursor: after } = queryOf(request, query)
        const userId = await expectUser(request.params['user'])
        // One more than is shown tells whether there is another page.
        const page = { onlyUnread: unread === 'true', limit: limit + 1, after }
        const found = await inboxOf(knex, { userId, tenant }, page)
        const shown = found.slice(0, limit)
        const last = found.length > limit ? shown.at(-1) : undefined
        response.json({ notifications: shown.map(entry), next_cursor: last ? cursorOf(last.id) : null })
      },
    },
    {
      method: 'get',
      path: '/v1/users/{user}/notifications/unread-count',
      operations: { '/v1/users/{user}/notifications/unread-count': count },
      async handler(request, response) {
        const tenant = visibleTenant(await authorize(request, 'notifications:read'))
        const userId = await expectUser(request.params['user'])
        response.json({ unread: await countUnread(knex, { userId, tenant }) })
      },
    },
    {
      method: 'post',
      path: '/v1/users/{user}/notifications/read-all',
      operations: { '/v1/users/{user}/notifications/read-all': readAll },
      async handler(request, response) {
        const tenant = visibleTenant(await authorize(request, 'notifications:write'))
        const userId = await expectUser(request.params['user'])
        response.json({ read: await storing(harmlessAgain, () => markAllRead(knex, { userId, tenant })) })
      },
    },
  ]
}

function entry(notification: Notification): z.output<typeof inboxPage>['notifications'][number] {
  const { id, category, push_data, entity, created_at, read_at } = notification
  return {
    id,
    category,
    ...shownInApp(notification),
    data: push_data,
    entity,
    created_at: created_at.toISOString(),
    read_at: read_at?.toISOString() ?? null,
  }
}
