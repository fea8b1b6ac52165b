import type { z } from 'zod'
import { type Catalog, nearNames } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import { InvalidPayload, type JobOptions, type NewJob, newJob } from '../../ledger/new-job.ts'
import { acceptedJob } from '../http/job-shapes.ts'
import { fieldFaults } from '../http/pointer.ts'
import { type FieldFault, Problem } from '../http/problem.ts'

/** The contract of a job that callers may make. Throws unknown-job or closed-job. */
export function openContract(catalog: Catalog, name: string): JobContract {
  const contract = catalog.get(name)
  if (!contract) throw new Problem('unknown-job', { near: nearNames(catalog, name) })
  if (!contract.open) throw new Problem('closed-job', { detail: `${contract.name} is only made by other jobs` })
  return contract
}

/**
 * The job of a payload and the faults its JSON had already. Throws invalid-payload naming every field that the contract or
 * the database would refuse.
 */
export function checkedJob(
  contract: JobContract,
  payload: unknown,
  faults: readonly FieldFault[],
  options: JobOptions,
): NewJob {
  try {
    const job = newJob(contract, asObject(payload), options)
    if (faults.length === 0) return job
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error
    throw new Problem('invalid-payload', { errors: [...faults, ...fieldFaults(error.issues, payload)] })
  }
  throw new Problem('invalid-payload', { errors: faults })
}

/** What is no object at all is refused by the contract, as one field: the whole payload. */
function asObject(payload: unknown): Record<string, unknown> {
  if (typeof payload === 'object' && payload !== null && !Array.isArray(payload)) return { ...payload }
  const errors = [{ field: '', rule: 'type', message: 'the payload must be a JSON object' }]
  throw new Problem('invalid-payload', { errors })
}

/** What is kept of an answer with its key. */
const keptAnswer = acceptedJob.omit({ links: true })
type KeptAnswer = z.output<typeof keptAnswer>

/** The answer to an accepted job, as it is kept with its key. */
export function answerOf(job: NewJob, { durability }: JobContract): KeptAnswer {
  const isLater = job.runAt !== null && job.runAt.getTime() > Date.now()
  return { id: job.id, name: job.name, state: isLater ? 'scheduled' : 'waiting', durability }
}

/** The answer to a repeat: what was kept is read as what may have been written by another release. */
export function repeatedAnswer(kept: unknown): KeptAnswer {
  return keptAnswer.parse(kept)
}

/** A kept answer as it is sent. */
export function sentAnswer(answer: KeptAnswer): z.output<typeof acceptedJob> {
  const self = `/v1/jobs/${answer.id}`
  return { ...answer, links: { self, events: `${self}/events` } }
}

/** Why a job was not taken, although it could be. */
export function refusalOf(status: 'in-flight' | 'reused' | 'batch-closed'): Problem {
  if (status === 'reused') return new Problem('idempotency-key-reused')
  if (status === 'in-flight') return new Problem('request-in-flight', {}, { 'retry-after': '1' })
  return new Problem('batch-closed', { detail: 'the batch is closed, or there is none of this id' })
}
