import type { Response } from 'express'
import { z } from 'zod'
import { type Catalog, nearNames } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { acceptOnce } from '../../ledger/accept-once.ts'
import { enqueueDirect } from '../../queue/enqueue-direct.ts'
import { InvalidPayload, type NewJob, newJob } from '../../ledger/new-job.ts'
import { expectServed } from '../http/domain-absent.ts'
import { idempotencyKeyOf, requestSha256 as requestHash } from '../http/idempotency-key.ts'
import { jobOptionsOf, jobQuery } from '../http/job-options.ts'
import { acceptedJob } from '../http/job-shapes.ts'
import type { Operation, Parameter } from '../http/operation.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import { expectJson, parseJson, readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { storableFaults } from '../http/storable.ts'
import { storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'

const maxBodyBytes = 65_536
const outcomeUnknown = 'outcome unknown, repeat with the same Idempotency-Key'

/** One job by its type's name: 202 once the row is committed. */
export function acceptJobRoute({ config, catalog, knex, backend, log, authorize, accept }: Intake): Route {
  const open = [...catalog.values()].filter(contract => contract.open)
  return {
    method: 'post',
    path: '/v1/jobs/{name}',
    operations: Object.fromEntries(open.map(contract => [`/v1/jobs/${contract.name}`, operationOf(contract)])),
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:write')
      const contract = openContract(catalog, String(request.params['name']))
      expectServed(config, contract.name)
      const key = idempotencyKeyOf(request)
      const search = new URL(request.originalUrl, 'http://intake').searchParams
      const options = jobOptionsOf(search, contract)
      expectJson(request)
      const bytes = await readBody(request, response, { maxBytes: bodyLimit(contract), inflate: true })
      const payload = parseJson(bytes)
      const job = checkedJob(contract, payload, { ...options, tenant: caller.tenant })

      const answer = answerTo(job, contract)
      if (contract.durability === 'queue') {
        if (key !== undefined) throw new Problem('idempotency-needs-ledger')
        await enqueueDirect(backend, contract, [job]).catch((error: unknown) => {
          log.warn({ err: error }, 'the queue took nothing')
          throw new Problem('queue-away', {}, { 'retry-after': '1' })
        })
        sendAccepted(response, answer)
        return
      }
      if (key === undefined) {
        await storing(outcomeUnknown, () => accept(job))
        sendAccepted(response, answer)
        return
      }
      const requestSha256 = requestHash(contract.name, search, payload)
      const done = await storing(outcomeUnknown, () =>
        acceptOnce(knex, { caller: caller.id, key, requestSha256, job, answer }),
      )
      if (!('answer' in done)) throw refusalOf(done.status)
      if (done.status === 'replayed') response.set('Idempotent-Replayed', 'true')
      sendAccepted(response, acceptedJob.parse(done.answer))
    },
  }
}

function answerTo(job: NewJob, { durability }: JobContract): z.output<typeof acceptedJob> {
  const isLater = job.runAt !== null && job.runAt.getTime() > Date.now()
  return {
    id: job.id,
    name: job.name,
    state: isLater ? 'scheduled' : 'waiting',
    durability,
    links: { self: `/v1/jobs/${job.id}` },
  }
}

function refusalOf(status: 'in-flight' | 'reused'): Problem {
  if (status === 'reused') return new Problem('idempotency-key-reused')
  return new Problem('request-in-flight', {}, { 'retry-after': '1' })
}

function sendAccepted(response: Response, answer: z.output<typeof acceptedJob>): void {
  response.status(202).location(answer.links.self).json(answer)
}

function bodyLimit({ maxPayloadBytes }: JobContract): number {
  return Math.min(maxBodyBytes, maxPayloadBytes)
}

function openContract(catalog: Catalog, name: string): JobContract {
  const contract = catalog.get(name)
  if (!contract) throw new Problem('unknown-job', { near: nearNames(catalog, name) })
  if (!contract.open) throw new Problem('closed-job', { detail: `${contract.name} is only made by other jobs` })
  return contract
}

/** Throws invalid-payload naming every field that the contract or the database would refuse. */
function checkedJob(contract: JobContract, payload: unknown, options: Parameters<typeof newJob>[2]): NewJob {
  const unstorable = storableFaults(payload)
  try {
    const job = newJob(contract, asObject(payload), options)
    if (unstorable.length === 0) return job
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error
    throw new Problem('invalid-payload', { errors: [...unstorable, ...fieldFaults(error.issues, payload)] })
  }
  throw new Problem('invalid-payload', { errors: unstorable })
}

/** What is no object at all is refused by the contract, as one field: the whole body. */
function asObject(payload: unknown): Record<string, unknown> {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return { ...payload }
  const errors = [{ field: '', rule: 'type', message: 'the payload must be a JSON object' }]
  throw new Problem('invalid-payload', { errors })
}

const options: readonly Parameter[] = Object.entries(jobQuery.shape).map(([name, schema]) => ({
  name,
  in: 'query',
  about: schema.description ?? '',
  schema,
}))

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  about: 'For 24 hours the same key and body are answered as the first time, with Idempotent-Replayed: true.',
  schema: z.string().min(1).max(255).optional(),
}

function operationOf(contract: JobContract): Operation {
  return {
    id: `accept-${contract.name}`,
    tag: 'jobs',
    summary: `Make a job: ${contract.name}`,
    about: contract.about,
    scope: 'jobs:write',
    parameters: [...options, idempotencyKey],
    body: { schema: contract.payload, maxBytes: bodyLimit(contract) },
    answer: { status: 202, about: 'Accepted: the job is committed and will not be lost.', schema: acceptedJob },
    problems: [
      'bad-json',
      'invalid-option',
      'invalid-idempotency-key',
      'no-api-key',
      'bad-api-key',
      'scope-missing',
      'closed-job',
      'unknown-job',
      'body-too-large',
      'unsupported-media-type',
      'request-in-flight',
      'invalid-payload',
      'idempotency-key-reused',
      'domain-absent',
      'database-away',
    ],
  }
}
