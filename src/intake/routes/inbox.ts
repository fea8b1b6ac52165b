import { validate } from 'uuid'
import { z } from 'zod'
import { shownBody } from '../../db/inbox-body.ts'
import { findInboxEntry } from '../../db/inbox-event.ts'
import { maxEventsPerPage, searchInbox } from '../../db/inbox-search.ts'
import { cursor, cursorOf } from '../http/cursor.ts'
import { foundEvent, inboxFilter, shownEvent } from '../http/inbox-shapes.ts'
import type { Operation } from '../http/operation.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { pageLimit } from '../http/search-options.ts'
import type { Intake } from '../intake.ts'

const defaultEvents = 50

const query = z.strictObject({
  ...inboxFilter,
  limit: pageLimit(maxEventsPerPage, defaultEvents),
  cursor: cursor.optional().describe('The next_cursor of the page before, with the same other options.'),
})

const page = z.object({
  events: z.array(foundEvent),
  next_cursor: z.string().nullable().describe('for the next page; null on the last one'),
})

const find: Operation = {
  id: 'findEvents',
  tag: 'inbox',
  summary: 'Find events of the inbox',
  about:
    'What our webhooks have received, newest first. From page to page no event is shown twice and none is left out. ' +
    'Bodies are shown one by one.',
  scope: 'inbox:read',
  parameters: queryParameters(query),
  body: null,
  answer: { status: 200, about: 'One page of events.', schema: page },
  problems: [],
}

const show: Operation = {
  id: 'showEvent',
  tag: 'inbox',
  summary: 'Show an event of the inbox',
  about: 'With its body, without personal data, and the jobs that were made of it.',
  scope: 'inbox:read',
  parameters: [],
  body: null,
  answer: { status: 200, about: 'The event.', schema: shownEvent },
  problems: ['no-such-event'],
}

/** What our webhooks have received. */
export function inboxRoutes({ run, authorize }: Intake): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/inbox',
      operations: { '/v1/inbox': find },
      async handler(request, response) {
        await authorize(request, 'inbox:read')
        const { limit = defaultEvents, cursor: before, ...filter } = queryOf(request, query)
        const { events, next } = await searchInbox(run, filter, { limit, before })
        response.json({ events, next_cursor: next === null ? null : cursorOf(next) })
      },
    },
    {
      method: 'get',
      path: '/v1/inbox/{id}',
      operations: { '/v1/inbox/{id}': show },
      async handler(request, response) {
        await authorize(request, 'inbox:read')
        const id = String(request.params['id'])
        const entry = validate(id) ? await findInboxEntry(run, id) : undefined
        if (!entry) throw new Problem('no-such-event')
        response.json({ ...entry, body: shownBody(entry.source, entry.body) })
      },
    },
  ]
}
