import type { Request } from 'express'
import type { JobContract } from '../../../queues/define-job.ts'
import { type Catalog, nearNames } from '../../../queues/catalog.ts'
import { InvalidPayload, type NewJob, newJob } from '../../ledger/new-job.ts'
import { expectServed } from '../http/domain-absent.ts'
import type { Operation } from '../http/operation.ts'
import { jobOptionsOf, jobQuery } from '../http/job-options.ts'
import { acceptedJob } from '../http/job-shapes.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import { expectJson, parseJson, readBody } from '../http/read-body.ts'
import type { Route } from '../http/route.ts'
import { storableFaults } from '../http/storable.ts'
import type { Intake } from '../intake.ts'

const maxBodyBytes = 65_536

/** One job by its type's name: 202 once the row is committed. */
export function acceptJobRoute({ config, catalog, authorize, accept }: Intake): Route {
  const open = [...catalog.values()].filter(contract => contract.open)
  return {
    method: 'post',
    path: '/v1/jobs/{name}',
    operations: Object.fromEntries(open.map(contract => [`/v1/jobs/${contract.name}`, operationOf(contract)])),
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:write')
      const contract = openContract(catalog, String(request.params['name']))
      expectServed(config, contract.name)
      refuseIdempotencyKey(request)
      const options = jobOptionsOf(new URL(request.originalUrl, 'http://intake').searchParams, contract)
      expectJson(request)
      const bytes = await readBody(request, response, { maxBytes: bodyLimit(contract), inflate: true })
      const job = checkedJob(contract, parseJson(bytes), { ...options, tenant: caller.tenant })

      await accept(job)
      const self = `/v1/jobs/${job.id}`
      const state = job.runAt !== null && job.runAt.getTime() > Date.now() ? 'scheduled' : 'waiting'
      response.status(202).location(self).json({ id: job.id, name: job.name, state, links: { self } })
    },
  }
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

/** Nobody must believe in a promise that is not kept yet. */
function refuseIdempotencyKey(request: Request): void {
  if (request.get('idempotency-key') === undefined) return
  throw new Problem('invalid-idempotency-key', { detail: 'the header Idempotency-Key is not supported yet' })
}

function operationOf(contract: JobContract): Operation {
  return {
    id: `accept-${contract.name}`,
    tag: 'jobs',
    summary: `Make a job: ${contract.name}`,
    about: contract.about,
    scope: 'jobs:write',
    parameters: Object.entries(jobQuery.shape).map(([name, schema]) => ({
      name,
      in: 'query' as const,
      about: schema.description ?? '',
      schema,
    })),
    body: { schema: contract.payload, maxBytes: bodyLimit(contract) },
    answer: { status: 202, about: 'Accepted: the job is committed and will not be lost.', schema: acceptedJob },
    problems: [
      'bad-json',
      'invalid-option',
      'no-api-key',
      'bad-api-key',
      'scope-missing',
      'closed-job',
      'unknown-job',
      'body-too-large',
      'unsupported-media-type',
      'invalid-payload',
      'domain-absent',
      'database-away',
    ],
  }
}
