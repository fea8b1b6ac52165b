import { z } from 'zod'
import { shownJobType } from '../http/job-shapes.ts'
import { jsonSchemaOf } from '../http/json-schema.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'

/** The job types callers may make jobs of, with the JSON Schema of each payload. */
export function listJobTypesRoute({ catalog, authorize }: Intake): Route {
  const jobTypes = [...catalog.values()]
    .filter(contract => contract.open)
    .map(({ name, about, version, maxPayloadBytes, payload }) => ({
      name,
      about,
      version,
      max_payload_bytes: maxPayloadBytes,
      payload: jsonSchemaOf(payload, 'input'),
    }))
  return {
    method: 'get',
    path: '/v1/job-types',
    operations: {
      '/v1/job-types': {
        id: 'listJobTypes',
        tag: 'jobs',
        summary: 'List the job types',
        about: 'Every job type that is open to callers.',
        scope: 'jobs:read',
        parameters: [],
        body: null,
        answer: { status: 200, about: 'The open job types.', schema: z.object({ job_types: z.array(shownJobType) }) },
        problems: ['no-api-key', 'bad-api-key', 'scope-missing', 'database-away'],
      },
    },
    async handler(request, response) {
      await authorize(request, 'jobs:read')
      response.json({ job_types: jobTypes })
    },
  }
}
