import { validate } from 'uuid'
import { findJobStatus } from '../../ledger/status.ts'
import { shownJob } from '../http/job-shapes.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { shownJobOf } from '../http/show-job-status.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

/** What became of a job. Jobs of other tenants do not exist for the caller. */
export function showJobRoute({ run, authorize }: Intake): Route {
  return {
    method: 'get',
    path: '/v1/jobs/{id}',
    operations: {
      '/v1/jobs/{id}': {
        id: 'showJob',
        tag: 'jobs',
        summary: 'Show a job',
        about: 'State, attempts, effects in the outside world and children of a job of yours.',
        scope: 'jobs:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The job.', schema: shownJob },
        problems: ['no-api-key', 'bad-api-key', 'scope-missing', 'no-such-job', 'database-away'],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:read')
      const id = String(request.params['id'])
      const job = validate(id) ? await findJobStatus(run, id, visibleTenant(caller)) : undefined
      if (!job) throw new Problem('no-such-job')
      response.json(shownJobOf(job))
    },
  }
}
