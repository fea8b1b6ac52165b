import { validate } from 'uuid'
import { z } from 'zod'
import type { ApiKey } from '../../db/api-keys.ts'
import { type LeftReason, maxReplayedEvents, replayEvent, replayEvents } from '../../db/inbox-replay.ts'
import { statementsIn } from '../../db/statement.ts'
import { inboxFilter, inboxReplay } from '../http/inbox-shapes.ts'
import type { Operation } from '../http/operation.ts'
import { Problem, type ProblemCode } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'

const query = z.strictObject({
  ...inboxFilter,
  dry_run: z.enum(['true', 'false']).optional().describe('true: nothing is changed, only counted.'),
})

const onceOnly = 'What was reacted to once is not done twice.'

const one: Operation = {
  id: 'replayEvent',
  tag: 'inbox',
  summary: 'Replay an event of the inbox',
  about: `A new job reacts to it as if it had just come. ${onceOnly}`,
  scope: 'inbox:write',
  parameters: [],
  body: null,
  answer: { status: 202, about: 'It waits for its new job.', schema: z.object({ id: z.uuid(), job_id: z.uuid() }) },
  problems: ['no-such-event', 'event-in-work', 'nothing-reacts', 'live-only'],
}

const many: Operation = {
  id: 'replayEvents',
  tag: 'inbox',
  summary: 'Replay events of the inbox',
  about:
    `All that fit the options, of which at least one must be given: at most ${maxReplayedEvents}, all or none, in the ` +
    `order in which they came. ${onceOnly}`,
  scope: 'inbox:write',
  parameters: queryParameters(query),
  body: null,
  answer: { status: 202, about: 'They wait for their new jobs.', schema: inboxReplay },
  otherAnswers: [{ status: 200, about: 'A dry run: what a replay would do.', schema: inboxReplay }],
  problems: ['too-many-events', 'live-only'],
}

const refusals: Readonly<Record<LeftReason, ProblemCode>> = {
  'in-work': 'event-in-work',
  'nothing-reacts': 'nothing-reacts',
  'no-such-event': 'no-such-event',
}

/** Events are reacted to anew. */
export function inboxReplayRoutes({ knex, authorize }: Intake): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/inbox/replay',
      operations: { '/v1/inbox/replay': many },
      async handler(request, response) {
        expectLive(await authorize(request, 'inbox:write'))
        const { dry_run, ...filter } = queryOf(request, query)
        if (Object.values(filter).every(value => value === undefined)) {
          throw new Problem('invalid-option', { detail: `say which events: by ${Object.keys(inboxFilter).join(', ')}` })
        }
        const dryRun = dry_run === 'true'
        const done = await storing(harmlessAgain, () =>
          knex.transaction(tx => replayEvents(statementsIn(tx), filter, { dryRun })),
        )
        if (done === null) {
          const detail = `more than ${maxReplayedEvents} match, and none was replayed: narrow it by since and until`
          throw new Problem('too-many-events', { detail })
        }
        const { left, ...counted } = done
        const leftAs = { in_work: left['in-work'] ?? 0, nothing_reacts: left['nothing-reacts'] ?? 0 }
        response.status(dryRun ? 200 : 202).json({ dry_run: dryRun, ...counted, left: leftAs })
      },
    },
    {
      method: 'post',
      path: '/v1/inbox/{id}/replay',
      operations: { '/v1/inbox/{id}/replay': one },
      async handler(request, response) {
        expectLive(await authorize(request, 'inbox:write'))
        const id = String(request.params['id']).toLowerCase()
        if (!validate(id)) throw new Problem('no-such-event')
        const answer = await storing(harmlessAgain, () => knex.transaction(tx => replayEvent(statementsIn(tx), id)))
        if ('left' in answer) throw new Problem(refusals[answer.left])
        response.status(202).json({ id, job_id: answer.jobId })
      },
    },
  ]
}

/** The platform's events are live, and so are the jobs that react to them. */
function expectLive({ test }: ApiKey): void {
  if (test) throw new Problem('live-only')
}
