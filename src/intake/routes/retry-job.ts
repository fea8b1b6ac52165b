import { validate } from 'uuid'
import { z } from 'zod'
import { retryEnded } from '../../ledger/retry-ended.ts'
import { findJobStanding } from '../../ledger/status.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

const retried = z.object({ id: z.uuid(), state: z.literal('waiting') })

/** Lets a job that ended badly begin anew. */
export function retryJobRoute({ run, authorize }: Intake): Route {
  return {
    method: 'post',
    path: '/v1/jobs/{id}/retry',
    operations: {
      '/v1/jobs/{id}/retry': {
        id: 'retryJob',
        tag: 'jobs',
        summary: 'Retry a job',
        about: 'A failed, quarantined or cancelled job begins anew. What took effect before is not repeated.',
        scope: 'jobs:write',
        parameters: [],
        body: null,
        answer: { status: 202, about: 'The job waits again.', schema: retried },
        problems: ['no-such-job', 'job-not-retryable', 'sandbox-absent'],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:write')
      const id = String(request.params['id']).toLowerCase()
      if (!validate(id)) throw new Problem('no-such-job')
      const tenant = visibleTenant(caller) ?? null
      const answer = (await storing(harmlessAgain, () => retryEnded(run, [id], { tenant }))).get(id)
      if (answer === undefined || answer === 'unknown-job') throw new Problem('no-such-job')
      if (answer !== 'retried') {
        const state = (await findJobStanding(run, id))?.state
        throw new Problem('job-not-retryable', { detail: reasons[answer], ...(state === undefined ? {} : { state }) })
      }
      response.status(202).json({ id, state: 'waiting' })
    },
  }
}

const reasons = {
  open: 'it has not ended: it goes on by itself',
  completed: 'it is completed: make a new job to do its work again',
  skipped: 'it was skipped: make a new job to do its work',
  expired: 'its expires_at has passed: make a new job',
} as const
