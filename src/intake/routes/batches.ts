import { validate } from 'uuid'
import { z } from 'zod'
import type { ApiKey } from '../../db/api-keys.ts'
import { type Batch, batchFinder, closeBatch } from '../../ledger/batches.ts'
import type { NewJob } from '../../ledger/new-job.ts'
import { openBatch } from '../../ledger/open-batch.ts'
import { newBatch, shownBatch } from '../http/batch-shapes.ts'
import { expectServed } from '../http/domain-absent.ts'
import { idempotencyKeyHeader, idempotencyKeyOf, replayedHeader } from '../http/idempotency-key.ts'
import { jsonBody } from '../http/json-body.ts'
import { idOfAnswer, keyedRequest, repeatWithKey } from '../http/made-once.ts'
import type { Operation } from '../http/operation.ts'
import { fieldFaults } from '../http/pointer.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { harmlessAgain, storing } from '../http/storing.ts'
import type { Intake } from '../intake.ts'
import { checkedJob, openContract, refusalOf } from '../jobs/check-job.ts'

const maxBodyBytes = 65_536

/** Jobs that are counted together, and a job more when all have ended. */
export function batchRoutes(intake: Intake): Route[] {
  const { run, authorize } = intake
  const findBatch = batchFinder(run)
  const shown = async (id: string, tenant: string | null) => {
    const batch = validate(id) ? await findBatch(id, tenant) : undefined
    if (!batch) throw new Problem('no-such-batch')
    return asShown(batch)
  }
  return [
    {
      method: 'post',
      path: '/v1/batches',
      operations: { '/v1/batches': create },
      async handler(request, response) {
        const caller = await authorize(request, 'jobs:write')
        const key = idempotencyKeyOf(request)
        const body = await jsonBody(request, response, maxBodyBytes)
        const given = newBatch.safeParse(body.value)
        const errors = [...body.faults, ...fieldFaults(given.error?.issues ?? [], body.value)]
        if (errors.length > 0 || !given.success) throw new Problem('invalid-payload', { errors })
        const { about = null, entity = null, when_done } = given.data
        const whenDone = when_done === undefined ? null : jobWhenDone(intake, caller, when_done)
        const once = keyedRequest(caller, key, create.id, body.value)
        const batch = { tenant: caller.tenant, about, entity, whenDone }
        const done = await storing(repeatWithKey, () => openBatch(run, batch, once))
        if (done.status !== 'opened' && done.status !== 'replayed') throw refusalOf(done.status)
        const id = done.status === 'opened' ? done.id : idOfAnswer(done.answer)
        if (done.status === 'replayed') response.setHeader('Idempotent-Replayed', 'true')
        response
          .status(201)
          .location(linkOf(id))
          .json(await shown(id, caller.tenant))
      },
    },
    {
      method: 'post',
      path: '/v1/batches/{id}/close',
      operations: { '/v1/batches/{id}/close': close },
      async handler(request, response) {
        const tenant = tenantSeenBy(await authorize(request, 'jobs:write'))
        const id = String(request.params['id'])
        const isThere = validate(id) && (await storing(harmlessAgain, () => closeBatch(run, id, tenant)))
        if (!isThere) throw new Problem('no-such-batch')
        response.json(await shown(id, tenant))
      },
    },
    {
      method: 'get',
      path: '/v1/batches/{id}',
      operations: { '/v1/batches/{id}': show },
      async handler(request, response) {
        const tenant = tenantSeenBy(await authorize(request, 'jobs:read'))
        response.json(await shown(String(request.params['id']), tenant))
      },
    },
  ]
}

/** Null: all tenants. */
function tenantSeenBy(caller: ApiKey): string | null {
  return caller.scopes.includes('jobs:any-tenant') ? null : caller.tenant
}

/** Checked now, so that it cannot be refused when the batch is done. */
function jobWhenDone(
  { catalog, config }: Intake,
  caller: ApiKey,
  { name, payload }: { readonly name: string; readonly payload?: unknown },
): NewJob {
  const contract = openContract(catalog, name)
  expectServed(config, contract.name)
  if (contract.durability === 'queue') {
    const message = 'a job that only the queue keeps cannot follow a batch'
    throw new Problem('invalid-payload', { errors: [{ field: '/when_done/name', rule: 'needs-ledger', message }] })
  }
  const limitBytes = contract.maxPayloadBytes
  if (Buffer.byteLength(JSON.stringify(payload) ?? '') > limitBytes) {
    throw new Problem('body-too-large', { detail: 'the payload of when_done is too large', limit_bytes: limitBytes })
  }
  try {
    return checkedJob(contract, payload, [], { tenant: caller.tenant })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const errors = (error.details.errors ?? []).map(fault => ({ ...fault, field: `/when_done/payload${fault.field}` }))
    throw new Problem(error.code, { ...error.details, errors })
  }
}

function asShown(batch: Batch): z.output<typeof shownBatch> {
  const { id, about, entity, total, open, completed, skipped, failed, cancelled, whenDoneName } = batch
  const ended = batch.closedAt === null ? 0 : 1
  return {
    id,
    state: batch.doneAt ? 'done' : batch.closedAt ? 'closed' : 'open',
    about,
    entity,
    total,
    open,
    completed,
    skipped,
    failed,
    cancelled,
    progress: total === 0 ? ended : (total - open) / total,
    created_at: batch.createdAt.toISOString(),
    closed_at: batch.closedAt?.toISOString() ?? null,
    done_at: batch.doneAt?.toISOString() ?? null,
    when_done: whenDoneName === null ? null : { name: whenDoneName, job_id: batch.whenDoneJobId },
    links: { self: linkOf(id), jobs: `/v1/jobs?batch=${id}` },
  }
}

function linkOf(id: string): string {
  return `/v1/batches/${id}`
}

const create: Operation = {
  id: 'createBatch',
  tag: 'batches',
  summary: 'Open a batch',
  about: 'Jobs join it by the option batch, until it is closed. when_done must be a job type open to callers.',
  scope: 'jobs:write',
  parameters: [idempotencyKeyHeader],
  body: { schema: newBatch, maxBytes: maxBodyBytes },
  answer: {
    status: 201,
    about: 'Open.',
    schema: shownBatch,
    headers: [{ name: 'Location', about: 'The address of the batch.' }, replayedHeader],
  },
  problems: [
    'bad-request',
    'bad-json',
    'invalid-idempotency-key',
    'request-in-flight',
    'idempotency-key-reused',
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

const ofOne = ['no-api-key', 'bad-api-key', 'scope-missing', 'no-such-batch', 'database-away'] as const

const close: Operation = {
  id: 'closeBatch',
  tag: 'batches',
  summary: 'Close a batch',
  about: 'It takes no more jobs, and is done when all of them have ended. Closing it again changes nothing.',
  scope: 'jobs:write',
  parameters: [],
  body: null,
  answer: { status: 200, about: 'Closed.', schema: shownBatch },
  problems: ofOne,
}

const show: Operation = {
  id: 'showBatch',
  tag: 'batches',
  summary: 'Show a batch',
  about: 'How far its jobs are.',
  scope: 'jobs:read',
  parameters: [],
  body: null,
  answer: { status: 200, about: 'The batch.', schema: shownBatch },
  problems: ofOne,
}
