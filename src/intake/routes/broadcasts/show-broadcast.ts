import { validate } from 'uuid'
import type { z } from 'zod'
import { type Broadcast, findBroadcast } from '../../../db/broadcasts.ts'
import { type BroadcastStanding, broadcastStanding } from '../../../ledger/broadcast-standing.ts'
import { shownBroadcast } from '../../http/broadcast-shapes.ts'
import { Problem } from '../../http/problem.ts'
import type { Route } from '../../http/route.ts'
import { visibleTenant } from '../../http/visible-tenant.ts'
import type { Intake } from '../../intake.ts'

const path = '/v1/broadcasts/{id}'

/** Shows how far a broadcast has come. */
export function showBroadcastRoute({ knex, run, authorize }: Intake): Route {
  return {
    method: 'get',
    path,
    operations: {
      [path]: {
        id: 'showBroadcast',
        tag: 'notifications',
        summary: 'Show how far a broadcast has come',
        about: 'How many people are decided, and what the providers have answered. Each person has a notification too.',
        scope: 'notifications:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The broadcast.', schema: shownBroadcast },
        problems: ['no-such-broadcast'],
      },
    },
    async handler(request, response) {
      const tenant = visibleTenant(await authorize(request, 'notifications:read'))
      const id = String(request.params['id'])
      const broadcast = validate(id) ? await findBroadcast(knex, id, tenant) : undefined
      if (broadcast === undefined) throw new Problem('no-such-broadcast')
      response.json(shown(broadcast, await broadcastStanding(run, broadcast)))
    },
  }
}

function shown(broadcast: Broadcast, { state, results }: BroadcastStanding): z.output<typeof shownBroadcast> {
  const { id, title, category, channels, created_at, expires_at, cancelled_at, people, mails, pushes } = broadcast
  return {
    id,
    title,
    category,
    channels: channels.filter(channel => channel !== 'sms'),
    created_at: created_at.toISOString(),
    expires_at: expires_at?.toISOString() ?? null,
    cancelled_at: cancelled_at?.toISOString() ?? null,
    state,
    people,
    mails,
    pushes,
    results,
  }
}
