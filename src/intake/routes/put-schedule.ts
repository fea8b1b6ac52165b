import { putSchedule } from '../../ledger/schedules/put-schedule.ts'
import { ScheduleRefused } from '../../ledger/schedules/schedule-refused.ts'
import { listSchedules } from '../../ledger/schedules/show-schedules.ts'
import { expectServed } from '../http/domain-absent.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import { jsonBody } from '../http/json-body.ts'
import type { Route } from '../http/route.ts'
import { scheduleBody, shownSchedule, shownScheduleOf } from '../http/schedule-shapes.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'
import { scheduleRefusal } from '../schedules/schedule-refusal.ts'

const maxBodyBytes = 65_536

/** Makes or changes a schedule; the same again changes nothing. */
export function putScheduleRoute({ config, run, knex, catalog, authorize }: Intake): Route {
  return {
    method: 'put',
    path: '/v1/schedules/{key}',
    operations: {
      '/v1/schedules/{key}': {
        id: 'putSchedule',
        tag: 'schedules',
        summary: 'Make or change a schedule',
        about: 'The same again changes nothing. Runs of a schedule are told in the story of schedule:<key>.',
        scope: 'schedules:write',
        parameters: [],
        body: { schema: scheduleBody, maxBytes: maxBodyBytes },
        answer: { status: 200, about: 'It was there, and is now as it was sent.', schema: shownSchedule },
        otherAnswers: [{ status: 201, about: 'It is new.', schema: shownSchedule }],
        problems: [
          'bad-json',
          'body-too-large',
          'unsupported-media-type',
          'invalid-schedule',
          'unknown-job',
          'closed-job',
          'domain-absent',
          'schedule-of-contract',
          'schedule-key-taken',
          'too-many-schedules',
          'sandbox-absent',
        ],
      },
    },
    async handler(request, response) {
      const { tenant } = await authorize(request, 'schedules:write')
      const key = String(request.params['key'])
      const { value, faults } = await jsonBody(request, response, maxBodyBytes)
      const body = scheduleBody.safeParse(value)
      if (!body.success || faults.length > 0) {
        const issues = fieldFaults(body.error?.issues ?? [], value)
        throw new Problem('invalid-schedule', { errors: [...faults, ...issues] })
      }
      const { name, ...definition } = body.data
      expectServed(config, name)
      const { isNew } = await storing(harmlessAgain, () =>
        putSchedule(knex, catalog, { key, tenant, definition: { job: name, ...definition } }),
      ).catch((error: unknown) => {
        throw error instanceof ScheduleRefused ? scheduleRefusal(error) : error
      })
      const [schedule] = await listSchedules(run, { key, tenant })
      if (!schedule) throw new Problem('no-such-schedule')
      response.status(isNew ? 201 : 200).json(shownScheduleOf(schedule))
    },
  }
}
