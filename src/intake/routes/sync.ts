import { z } from 'zod'
import { takeSync } from '../../mirror/sync/syncs.ts'
import type { Operation } from '../http/operation.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import { expectPlain } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import { syncAnswer, syncLine, syncName } from '../http/sync-shapes.ts'
import type { Intake } from '../intake.ts'
import { admission } from '../limits/admission.ts'
import { heldBytesOfSync, maxSyncBytes, receiveSync } from '../sync/receive-sync.ts'
import { maxLineBytes } from '../sync/sync-writer.ts'

/** Of one process: each keeps a connection to the database busy. */
const maxSyncsAtOnce = 4
const retryAfterSeconds = 5
const lineType = 'application/x-ndjson'

const query = z.strictObject({
  name: syncName.describe('What this sync is called. The same name again goes on where a cut one stopped.'),
  restart: z
    .enum(['true', 'false'])
    .transform(value => value === 'true')
    .optional()
    .describe('true: begin anew, whatever was taken in before under this name.'),
})

/** Fills the mirror from a stream of entities, resumable by its name. */
export function syncRoute(intake: Intake): Route {
  const { run, authorize, admit } = intake
  const admitSync = admission({ maxRequests: maxSyncsAtOnce, maxBytes: Number.POSITIVE_INFINITY })
  return {
    method: 'post',
    path: '/v1/sync',
    operations: { '/v1/sync': operation },
    async handler(request, response) {
      response.once('close', admit(heldBytesOfSync))
      const caller = await authorize(request, 'platform:write')
      if (caller.test) throw new Problem('live-only')
      const { name, restart = false } = queryOf(request, query)
      if (!request.is([lineType, 'application/jsonl'])) {
        throw new Problem('unsupported-media-type', { detail: `send the lines as ${lineType}` })
      }
      expectPlain(request)
      response.once('close', admitSync(heldBytesOfSync))
      const taken = await storing(harmlessAgain, () => takeSync(run, name, { restart }))
      if (!taken) throw new Problem('sync-running', {}, { 'retry-after': String(retryAfterSeconds) })
      await receiveSync(intake, taken, request, response)
    },
  }
}

const operation: Operation = {
  id: 'syncMirror',
  tag: 'mirror',
  summary: 'Fill the mirror',
  about:
    'Any number of entities as NDJSON, one a line, with kind and id beside the fields of its PUT. Answered while they come: ' +
    'each refused line, now and then the progress, and behind the last line the sum. What was answered is committed. After ' +
    'a cut send the same lines under the same name: those committed are passed over. Read the answer while you send.',
  scope: 'platform:write',
  parameters: queryParameters(query),
  body: { schema: syncLine, maxBytes: maxSyncBytes, mediaType: lineType },
  answer: {
    status: 200,
    about: `What became of the lines. One may have ${maxLineBytes} bytes.`,
    schema: syncAnswer,
    mediaType: lineType,
  },
  problems: ['live-only', 'sync-running', 'unsupported-media-type', 'database-away', 'overloaded'],
}
