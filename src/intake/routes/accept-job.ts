import type { Request, Response } from 'express'
import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import { isOpenBatch } from '../../ledger/batches.ts'
import type { NewJob } from '../../ledger/new-job.ts'
import { enqueueDirect } from '../../queue/enqueue-direct.ts'
import { answerWhenEnded, waitSecondsOf } from '../events/answer-when-ended.ts'
import { expectServed } from '../http/domain-absent.ts'
import { idempotencyKeyHeader, idempotencyKeyOf, replayedHeader, requestSha256 } from '../http/idempotency-key.ts'
import { jobOptionsOf, jobQuery } from '../http/job-options.ts'
import { acceptedJob, dryRun, shownJob } from '../http/job-shapes.ts'
import type { Operation, Parameter } from '../http/operation.ts'
import { Problem } from '../http/problem.ts'
import { queryOf, queryParameters } from '../http/query-options.ts'
import { expectJson, readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { sendJson } from '../http/send-json.ts'
import { storing } from '../http/storing.ts'
import { strictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, checkedJob, openContract, refusalOf, repeatedAnswer, sentAnswer } from '../jobs/check-job.ts'

const maxBodyBytes = 65_536
const outcomeUnknown = 'outcome unknown, repeat with the same Idempotency-Key'
const withoutOptions = jobQuery.parse({})

/** One job by its type's name: 202 once the row is committed. */
export function acceptJobRoute(intake: Intake): Route {
  const { config, catalog, run, authorize, waitingRoom, admit } = intake
  const open = [...catalog.values()].filter(contract => contract.open)
  return {
    method: 'post',
    path: '/v1/jobs/{name}',
    operations: Object.fromEntries(open.map(contract => [`/v1/jobs/${contract.name}`, operationOf(contract)])),
    async handler(request, response) {
      const leave = admit(maxBodyBytes)
      response.once('close', leave)
      const caller = await authorize(request, 'jobs:write')
      const contract = openContract(catalog, String(request.params['name']))
      expectServed(config, contract.name)
      const key = idempotencyKeyOf(request)
      const { tag: tags, dry_run, ...given } = optionsIn(request)
      const options = jobOptionsOf({ ...given, tags }, contract, caller)
      if (key !== undefined && contract.durability === 'queue') throw new Problem('idempotency-needs-ledger')
      waitingRoom.expectRoom(contract.name)
      expectJson(request)
      const bytes = await readBody(request, response, { maxBytes: bodyLimit(contract), inflate: true })
      const { value: payload, faults } = strictJson(bytes)
      const job = checkedJob(contract, payload, faults, options)

      if (dry_run === 'true') {
        if (job.batchId !== null && !(await isOpenBatch(run, job.batchId, job.tenant))) throw refusalOf('batch-closed')
        response.json(checkedOnly(job, contract))
        return
      }
      const once =
        key === undefined
          ? undefined
          : {
              caller: caller.id,
              key,
              requestSha256: requestSha256(contract.name, optionPairs(request), payload),
              answer: answerOf(job, contract),
            }
      const { answer, isNew } = await store(intake, contract, job, once)
      if (isNew) waitingRoom.added(contract.name, { payloadBytes: bytes.length, isDue: job.runAt === null })
      else response.setHeader('Idempotent-Replayed', 'true')
      const waitSeconds = contract.durability === 'ledger' ? waitSecondsOf(request) : undefined
      if (waitSeconds !== undefined) {
        // Who waits holds no place that work could have.
        leave()
        if (await answerWhenEnded(intake, response, { id: answer.id, tenant: job.tenant, waitSeconds })) return
      }
      sendAccepted(response, answer)
    },
  }
}

type Once = Parameters<Intake['accept']>[1]

async function store(
  { backend, log, accept }: Intake,
  contract: JobContract,
  job: NewJob,
  once: Once,
): Promise<{ readonly answer: ReturnType<typeof answerOf>; readonly isNew: boolean }> {
  if (contract.durability === 'queue') {
    await enqueueDirect(backend, contract, [job]).catch((error: unknown) => {
      log.warn({ err: error }, 'the queue took nothing')
      throw new Problem('queue-away', {}, { 'retry-after': '1' })
    })
    return { answer: answerOf(job, contract), isNew: true }
  }
  const done = await storing(outcomeUnknown, () => accept(job, once))
  if (done.status === 'replayed') return { answer: repeatedAnswer(done.answer), isNew: false }
  if (done.status !== 'accepted') throw refusalOf(done.status)
  return { answer: answerOf(job, contract), isNew: true }
}

function sendAccepted(response: Response, kept: ReturnType<typeof answerOf>): void {
  const answer = sentAnswer(kept)
  response.setHeader('Location', answer.links.self)
  sendJson(response, 202, answer)
}

/** Most requests have none. */
function optionsIn(request: Request): z.output<typeof jobQuery> {
  return request.originalUrl.includes('?') ? queryOf(request, jobQuery) : withoutOptions
}

function optionPairs(request: Request): (readonly [string, string])[] {
  if (!request.originalUrl.includes('?')) return []
  return [...new URL(request.originalUrl, 'http://intake').searchParams].filter(([name]) => name !== 'dry_run')
}

function checkedOnly(job: NewJob, { durability }: JobContract): z.output<typeof dryRun> {
  return {
    dry_run: true,
    name: job.name,
    payload: job.payload,
    options: {
      run_at: job.runAt?.toISOString() ?? null,
      priority: job.priority,
      expires_at: job.expiresAt?.toISOString() ?? null,
      tenant: job.tenant,
      entity: job.entity,
      tags: [...job.tags],
      batch: job.batchId,
    },
    durability,
  }
}

function bodyLimit({ maxPayloadBytes }: JobContract): number {
  return Math.min(maxBodyBytes, maxPayloadBytes)
}

const prefer: Parameter = {
  name: 'Prefer',
  in: 'header',
  about: 'wait=N: answer when the job has ended, with the job, or after N seconds (at most 30) as usual. RFC 7240.',
  schema: z.string().optional(),
}

const waited = {
  name: 'Preference-Applied',
  about: 'wait=N, when the caller asked for it: so long was waited at most.',
}

function operationOf(contract: JobContract): Operation {
  return {
    id: `accept-${contract.name}`,
    tag: 'jobs',
    summary: `Make a job: ${contract.name}`,
    about: contract.about,
    scope: 'jobs:write',
    parameters: [...queryParameters(jobQuery), idempotencyKeyHeader, prefer],
    body: { schema: contract.payload, maxBytes: bodyLimit(contract) },
    answer: {
      status: 202,
      about: 'Accepted: the job is committed and will not be lost.',
      schema: acceptedJob,
      headers: [waited, { name: 'Location', about: 'The address of the job.' }, replayedHeader],
    },
    otherAnswers: [
      {
        status: 200,
        about: 'dry_run: everything was checked and nothing written. Prefer: wait=N: the job, which ended in time.',
        schema: z.union([dryRun, shownJob]),
        headers: [waited, { name: 'Location', about: 'The address of the job that ended.' }],
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
      'closed-job',
      'unknown-job',
      'batch-closed',
      'request-in-flight',
      'body-too-large',
      'unsupported-media-type',
      'invalid-payload',
      'idempotency-key-reused',
      'too-many-waiting',
      'domain-absent',
      'database-away',
      'overloaded',
      ...(contract.durability === 'queue' ? (['idempotency-needs-ledger', 'queue-away'] as const) : []),
    ],
  }
}
