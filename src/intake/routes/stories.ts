import { z } from 'zod'
import { type StoryMoment, storyOf } from '../../ledger/story.ts'
import { summaryOf } from '../../ledger/story-summary.ts'
import { entityOption } from '../http/job-options.ts'
import { storedError } from '../http/job-shapes.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

/** What a moment has besides depends on its kind; none of it is personal. */
const shownMoment = z.looseObject({
  at: z.iso.datetime(),
  lane: z.enum(['event', 'jobs', 'effects']),
  kind: z.enum(['event', 'decision', 'accepted', 'attempt', 'outcome', 'reserved', 'sent', 'unknown', 'settled']),
  job_id: z.uuid().nullable(),
  error: storedError.nullable().optional(),
})

const shownStory = z.object({
  entity: z.string(),
  summary: z.string().describe('one sentence that says how it stands'),
  moments: z.array(shownMoment).describe('in time order: what was told us, the jobs, the effects outside'),
})

/** Everything that happened to an entity, on one time axis. */
export function showStoryRoute({ run, authorize }: Intake): Route {
  return {
    method: 'get',
    path: '/v1/stories/{entity}',
    operations: {
      '/v1/stories/{entity}': {
        id: 'showStory',
        tag: 'stories',
        summary: 'Tell a story',
        about: 'What happened to booking:42, or to job:<id> and all it led to: events, jobs, attempts, effects.',
        scope: 'jobs:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The story.', schema: shownStory },
        problems: ['no-such-story'],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:read')
      const { data: entity } = entityOption.safeParse(request.params['entity'])
      const moments = entity === undefined ? [] : await storyOf(run, entity, visibleTenant(caller))
      if (entity === undefined || moments.length === 0) throw new Problem('no-such-story')
      response.json({ entity, summary: summaryOf(entity, moments), moments: moments.map(shown) })
    },
  }
}

function shown({ atMs, lane, kind, ...moment }: StoryMoment): Record<string, unknown> {
  const { startedMs, ...others } = { startedMs: undefined, ...moment }
  const members = Object.entries(others).map(([name, value]) => [snakeCase(name), value])
  const started = startedMs === undefined ? {} : { started_at: startedMs === null ? null : isoOf(startedMs) }
  return { at: isoOf(atMs), lane, kind, ...started, ...Object.fromEntries(members) }
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, capital => `_${capital.toLowerCase()}`)
}
