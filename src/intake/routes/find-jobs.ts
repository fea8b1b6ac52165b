import { z } from 'zod'
import { jobStates } from '../../ledger/status.ts'
import { type FoundJob, searchJobs } from '../../ledger/search.ts'
import { cursor, cursorOf } from '../http/cursor.ts'
import { foundJob } from '../http/found-job.ts'
import { entityOption, jobItem } from '../http/job-options.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import type { Route } from '../http/route.ts'
import { pageLimit, searchInstant, searchText } from '../http/search-options.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

const maxJobs = 200
const defaultJobs = 50
const maxNameChars = 100
const maxSignatureChars = 120

const query = z.strictObject({
  name: searchText(maxNameChars).optional().describe('Jobs of this type.'),
  state: z
    .array(z.enum(jobStates))
    .max(jobStates.length)
    .optional()
    .describe('In this state; may be repeated for any of several.'),
  error: searchText(maxSignatureChars)
    .optional()
    .describe('How the signature of the error begins: its code, or more of it.'),
  entity: entityOption.optional().describe('About this, such as booking:42.'),
  tag: searchText(maxNameChars).optional().describe('With this label.'),
  batch: z.uuid().optional().describe('Counted in this batch.'),
  tenant: jobItem.shape.tenant.describe('Of this tenant; another than your own needs the scope jobs:any-tenant.'),
  since: searchInstant.optional().describe('Accepted at or after this instant; a child counts with its parent.'),
  until: searchInstant.optional().describe('Accepted before this instant.'),
  limit: pageLimit(maxJobs, defaultJobs),
  cursor: cursor.optional().describe('The next_cursor of the page before, with the same other options.'),
})

const answer = z.object({
  jobs: z.array(foundJob),
  next_cursor: z.string().nullable().describe('for the next page; null on the last one'),
})

/** Jobs by what they are about and how they stand, newest first. */
export function findJobsRoute({ run, authorize }: Intake): Route {
  return {
    method: 'get',
    path: '/v1/jobs',
    operations: {
      '/v1/jobs': {
        id: 'findJobs',
        tag: 'jobs',
        summary: 'Find jobs',
        about: 'Jobs that fit all options, newest first. From page to page no job is shown twice and none is left out.',
        scope: 'jobs:read',
        parameters: queryParameters(query),
        body: null,
        answer: { status: 200, about: 'One page of jobs.', schema: answer },
        problems: [],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:read')
      const { state, tenant, limit = defaultJobs, cursor: before, ...filter } = queryOf(request, query)
      const wanted = { ...filter, states: state, tenant: visibleTenant(caller, tenant) }
      const { jobs, next } = await searchJobs(run, wanted, { limit, before })
      response.json({ jobs: jobs.map(shown), next_cursor: next === null ? null : cursorOf(next) })
    },
  }
}

function shown(job: FoundJob): z.input<typeof foundJob> {
  const self = `/v1/jobs/${job.id}`
  return { ...job, tags: [...job.tags], links: { self, events: `${self}/events` } }
}
