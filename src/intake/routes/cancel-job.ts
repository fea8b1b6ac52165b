import { validate } from 'uuid'
import { z } from 'zod'
import { statementsIn } from '../../db/statement.ts'
import { cancelJob } from '../../ledger/cancel.ts'
import { findJobStanding, jobStates } from '../../ledger/status.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

const cancelled = z.object({ id: z.uuid(), state: z.literal('cancelled') })
const requested = z.object({ id: z.uuid(), state: z.enum(jobStates), cancel_requested: z.literal(true) })

/** Stops a job that has not ended. */
export function cancelJobRoute({ knex, run, authorize }: Intake): Route {
  return {
    method: 'post',
    path: '/v1/jobs/{id}/cancel',
    operations: {
      '/v1/jobs/{id}/cancel': {
        id: 'cancelJob',
        tag: 'jobs',
        summary: 'Cancel a job',
        about: 'A job that waits ends at once. One that runs is asked to stop; what it has sent by then counts.',
        scope: 'jobs:write',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The job is cancelled, now or already before.', schema: cancelled },
        otherAnswers: [
          {
            status: 202,
            about: 'It runs, or it is not known yet whether an effect of it took place: it ends when it can.',
            schema: requested,
          },
        ],
        problems: ['no-such-job', 'job-ended', 'sandbox-absent'],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:write')
      const id = String(request.params['id']).toLowerCase()
      if (!validate(id)) throw new Problem('no-such-job')
      const tenant = visibleTenant(caller) ?? null
      const answer = await storing(harmlessAgain, () =>
        knex.transaction(tx => cancelJob(statementsIn(tx), id, { tenant, reason: 'cancelled over the API' })),
      )
      if (answer === 'unknown-job') throw new Problem('no-such-job')
      if (answer === 'cancelled') {
        response.json({ id, state: answer })
      } else if (answer === 'cancel-requested') {
        response
          .status(202)
          .json({ id, state: (await findJobStanding(run, id))?.state ?? 'active', cancel_requested: true })
      } else {
        throw new Problem('job-ended', { detail: `it has ended: ${answer}`, state: answer })
      }
    },
  }
}
