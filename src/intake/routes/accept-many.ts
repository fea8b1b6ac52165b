import { z } from 'zod'
import { jobItem, manyQuery, tenantOf } from '../http/job-options.ts'
import { lineAnswer, manyAnswer } from '../http/many-shapes.ts'
import type { Operation } from '../http/operation.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import { expectPlain, readBody } from '../http/read-body.ts'
import { requestIdOf } from '../http/request-id.ts'
import type { Route } from '../http/route.ts'
import type { Intake } from '../intake.ts'
import { acceptArray, maxItems } from '../jobs/accept-array.ts'
import { acceptLines, heldBytesOfStream, maxStreamBytes } from '../jobs/accept-lines.ts'

const maxBodyBytes = maxStreamBytes
const lineTypes = ['application/x-ndjson', 'application/jsonl']

/** Many jobs in one request, each accepted or refused on its own. */
export function acceptManyRoute(intake: Intake): Route {
  const { authorize, admit } = intake
  return {
    method: 'post',
    path: '/v1/jobs',
    operations: { '/v1/jobs': operation },
    async handler(request, response) {
      const isStream = Boolean(request.is(lineTypes))
      response.once('close', admit(isStream ? heldBytesOfStream : maxBodyBytes))
      const caller = await authorize(request, 'jobs:write')
      const options = queryOf(request, manyQuery)
      tenantOf(caller, options.tenant)
      if (request.get('idempotency-key') !== undefined) {
        throw new Problem('invalid-idempotency-key', { detail: 'of many jobs each has its own: the member key' })
      }
      const call = { intake, caller, options }
      if (isStream) {
        expectPlain(request)
        await acceptLines(call, request, response)
        return
      }
      if (!request.is(['application/json', '+json'])) {
        throw new Problem('unsupported-media-type', { detail: 'send application/json or application/x-ndjson' })
      }
      const bytes = await readBody(request, response, { maxBytes: maxBodyBytes, inflate: true })
      response.json(await acceptArray(call, bytes, `urn:uuid:${requestIdOf(response)}`))
    },
  }
}

const operation: Operation = {
  id: 'acceptMany',
  tag: 'jobs',
  summary: 'Make many jobs',
  about:
    `A JSON array of at most ${maxItems} jobs, or any number as NDJSON, one job a line, answered line by line as they are ` +
    'committed. Each is accepted or refused on its own. With a key per job the whole may be sent again at any time: what was ' +
    'made before is answered as replayed. Read the answer while you send.',
  scope: 'jobs:write',
  parameters: queryParameters(manyQuery),
  body: {
    schema: z.array(jobItem).min(1).max(maxItems),
    maxBytes: maxBodyBytes,
    others: [{ mediaType: 'application/x-ndjson', schema: jobItem }],
  },
  answer: { status: 200, about: 'What became of each.', schema: manyAnswer },
  otherAnswers: [
    {
      status: 200,
      about: 'What became of each, line by line, and behind the last the sum.',
      schema: lineAnswer,
      mediaType: 'application/x-ndjson',
    },
  ],
  problems: [
    'bad-request',
    'bad-json',
    'invalid-option',
    'invalid-idempotency-key',
    'no-api-key',
    'bad-api-key',
    'scope-missing',
    'body-too-large',
    'unsupported-media-type',
    'invalid-payload',
    'too-many-waiting',
    'queue-away',
    'database-away',
    'overloaded',
  ],
}
