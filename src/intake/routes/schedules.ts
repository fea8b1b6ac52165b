import type { Request } from 'express'
import { z } from 'zod'
import type { Scope } from '../../db/api-keys.ts'
import { scheduleKey } from '../../domain/schedules/definition.ts'
import { pauseSchedule, resumeSchedule, runScheduleNow } from '../../ledger/schedules/operate.ts'
import { removeSchedule } from '../../ledger/schedules/put-schedule.ts'
import { ScheduleRefused } from '../../ledger/schedules/schedule-refused.ts'
import {
  listSchedules,
  maxPreviewedSlots,
  previewSchedule,
  type ShownSchedule,
} from '../../ledger/schedules/show-schedules.ts'
import { jobLinks } from '../http/job-shapes.ts'
import type { Operation } from '../http/operation.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { shownPreview, shownSchedule, shownScheduleOf } from '../http/schedule-shapes.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'
import { scheduleRefusal } from '../schedules/schedule-refusal.ts'

const place = '/v1/schedules/{key}'
const defaultPreview = 10
const runUnknown = 'outcome unknown: look at the jobs of schedule:<key> before you run it again'

const listQuery = z.strictObject({
  cursor: scheduleKey.optional().describe('The next_cursor of the page before.'),
})
const listAnswer = z.object({ schedules: z.array(shownSchedule), next_cursor: z.string().nullable() })
const runAnswer = z.object({ job_id: z.uuid(), links: jobLinks })
const previewQuery = z.strictObject({
  count: z
    .string()
    .regex(/^[1-9][0-9]{0,2}$/, `must be 1 to ${maxPreviewedSlots}`)
    .transform(Number)
    .refine(count => count <= maxPreviewedSlots, `must be 1 to ${maxPreviewedSlots}`)
    .optional()
    .describe(`So many slots, 1 to ${maxPreviewedSlots}; default ${defaultPreview}.`),
})

/** A schedule that somebody asks for: whose it must be (anybody's when undefined), and whom the ledger names as asking. */
interface Asked {
  readonly key: string
  readonly tenant: string | undefined
  readonly who: string
}

/** Schedules: list, show, remove, run, pause, resume, preview. */
export function scheduleRoutes(intake: Intake): Route[] {
  const { run, knex, catalog, authorize } = intake

  /** The tenant goes into every statement that acts: schedules of other tenants do not exist for the caller. */
  async function asked(request: Request, scope: Scope): Promise<Asked> {
    const caller = await authorize(request, scope)
    const { data: key } = scheduleKey.safeParse(request.params['key'])
    if (key === undefined) throw new Problem('no-such-schedule')
    return { key, tenant: visibleTenant(caller), who: `key:${caller.name}` }
  }

  async function shownOf({ key, tenant }: Asked): Promise<ShownSchedule> {
    const [schedule] = await listSchedules(run, { key, ...(tenant === undefined ? {} : { tenant }) })
    if (!schedule) throw new Problem('no-such-schedule')
    return schedule
  }

  return [
    {
      method: 'get',
      path: '/v1/schedules',
      operations: {
        '/v1/schedules': {
          ...common('listSchedules', 'List the schedules', 'Those of job types and those made here, by key.'),
          scope: 'schedules:read',
          parameters: queryParameters(listQuery),
          answer: { status: 200, about: 'One page of schedules.', schema: listAnswer },
          problems: [],
        },
      },
      async handler(request, response) {
        const tenant = visibleTenant(await authorize(request, 'schedules:read'))
        const { cursor } = queryOf(request, listQuery)
        const { schedules, next } = await pageOf(run, tenant, cursor)
        response.json({ schedules: schedules.map(shownScheduleOf), next_cursor: next })
      },
    },
    {
      method: 'get',
      path: place,
      operations: {
        [place]: {
          ...common('showSchedule', 'Show a schedule', 'What it is, when it is due next, how its last slot went.'),
          scope: 'schedules:read',
          answer: { status: 200, about: 'The schedule.', schema: shownSchedule },
        },
      },
      async handler(request, response) {
        const schedule = await asked(request, 'schedules:read')
        response.json(shownScheduleOf(await shownOf(schedule)))
      },
    },
    {
      method: 'delete',
      path: place,
      operations: {
        [place]: {
          ...common('removeSchedule', 'Remove a schedule', 'Nothing is due any more; jobs it has made go on.'),
          scope: 'schedules:write',
          answer: { status: 204, about: 'It is gone.', schema: null },
          problems: ['no-such-schedule', 'schedule-of-contract', 'sandbox-absent'],
        },
      },
      async handler(request, response) {
        const { key, tenant } = await asked(request, 'schedules:write')
        if (!(await refusing(() => storing(harmlessAgain, () => removeSchedule(knex, key, { tenant })))))
          throw new Problem('no-such-schedule')
        response.status(204).end()
      },
    },
    {
      method: 'post',
      path: `${place}/run`,
      operations: {
        [`${place}/run`]: {
          ...common('runSchedule', 'Run a schedule now', 'One more run, whether or not it is paused or a run is open.'),
          scope: 'schedules:write',
          answer: {
            status: 202,
            about: 'The job of this run.',
            schema: runAnswer,
            headers: [{ name: 'Location', about: 'The address of the job.' }],
          },
          problems: ['no-such-schedule', 'unknown-job', 'sandbox-absent'],
        },
      },
      async handler(request, response) {
        const { key, tenant, who } = await asked(request, 'schedules:write')
        const runNow = () => runScheduleNow(knex, catalog, key, who, { tenant })
        const id = await refusing(() => storing(runUnknown, runNow))
        if (id === undefined) throw new Problem('no-such-schedule')
        const self = `/v1/jobs/${id}`
        response.status(202).location(self)
        response.json({ job_id: id, links: { self, events: `${self}/events` } })
      },
    },
    {
      method: 'post',
      path: `${place}/pause`,
      operations: {
        [`${place}/pause`]: {
          ...common('pauseSchedule', 'Pause a schedule', 'Its slots are recorded as skipped until it goes on.'),
          scope: 'schedules:write',
          answer: { status: 200, about: 'The schedule, paused now or already before.', schema: shownSchedule },
          problems: ['no-such-schedule', 'sandbox-absent'],
        },
      },
      async handler(request, response) {
        const schedule = await asked(request, 'schedules:write')
        const { key, tenant, who } = schedule
        if (!(await storing(harmlessAgain, () => pauseSchedule(run, key, who, { tenant }))))
          throw new Problem('no-such-schedule')
        response.json(shownScheduleOf(await shownOf(schedule)))
      },
    },
    {
      method: 'post',
      path: `${place}/resume`,
      operations: {
        [`${place}/resume`]: {
          ...common('resumeSchedule', 'Let a schedule go on', 'Slots that passed during the pause stay skipped.'),
          scope: 'schedules:write',
          answer: { status: 200, about: 'The schedule, going on.', schema: shownSchedule },
          problems: ['no-such-schedule', 'sandbox-absent'],
        },
      },
      async handler(request, response) {
        const schedule = await asked(request, 'schedules:write')
        const { key, tenant } = schedule
        if (!(await storing(harmlessAgain, () => resumeSchedule(knex, catalog, key, { tenant }))))
          throw new Problem('no-such-schedule')
        response.json(shownScheduleOf(await shownOf(schedule)))
      },
    },
    {
      method: 'get',
      path: `${place}/preview`,
      operations: {
        [`${place}/preview`]: {
          ...common('previewSchedule', 'Preview a schedule', 'Its coming slots and what their jobs will carry.'),
          scope: 'schedules:read',
          parameters: queryParameters(previewQuery),
          answer: { status: 200, about: 'The coming slots; pauses are ignored.', schema: shownPreview },
          problems: ['no-such-schedule', 'unknown-job'],
        },
      },
      async handler(request, response) {
        const { key, tenant } = await asked(request, 'schedules:read')
        const { count = defaultPreview } = queryOf(request, previewQuery)
        const slots = await refusing(() => previewSchedule(run, catalog, { key, tenant }, count))
        if (!slots) throw new Problem('no-such-schedule')
        response.json({ slots })
      },
    },
  ]
}

/** What most of these operations have in common; each says the rest itself. */
function common(id: string, summary: string, about: string) {
  return {
    id,
    tag: 'schedules',
    summary,
    about,
    parameters: [],
    body: null,
    problems: ['no-such-schedule'],
  } as const satisfies Partial<Operation>
}

const schedulesPerPage = 1_000

async function pageOf(run: Intake['run'], tenant: string | undefined, after: string | undefined) {
  const schedules = await listSchedules(run, {
    ...(tenant === undefined ? {} : { tenant }),
    ...(after === undefined ? {} : { after }),
  })
  const last = schedules.at(-1)?.key ?? null
  return { schedules, next: schedules.length < schedulesPerPage ? null : last }
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ScheduleRefused ? scheduleRefusal(error) : error
  }
}
