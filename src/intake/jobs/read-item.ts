import type { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import type { ApiKey } from '../../db/api-keys.ts'
import type { AskedJob } from '../../ledger/accept-once.ts'
import { expectServed } from '../http/domain-absent.ts'
import { requestSha256 } from '../http/idempotency-key.ts'
import { jobItem, jobOptionsOf, type manyQuery } from '../http/job-options.ts'
import { type FieldFault, Problem } from '../http/problem.ts'
import type { StrictJson } from '../http/strict-json.ts'
import type { Intake } from '../intake.ts'
import { answerOf, checkedJob, openContract } from './check-job.ts'

/** What one of many jobs is read with. `options` stand where an item says nothing itself. */
export interface ManyCall {
  readonly intake: Intake
  readonly caller: ApiKey
  readonly options: z.output<typeof manyQuery>
}

/** One of many jobs, ready to be accepted. */
export interface ReadItem {
  readonly contract: JobContract
  readonly asked: AskedJob
  readonly payloadBytes: number
}

/**
 * Reads one of many jobs. `bytes` is the size of all of it, if known. Throws the problem that its own request would be answered with:
 * faults of its payload as pointers into that, faults of its options by their names.
 */
export function readItem(
  { intake, caller, options }: ManyCall,
  { value, faults }: StrictJson,
  bytes: number | undefined,
): ReadItem {
  const [inPayload, outside] = splitFaults(faults)
  const item = jobItem.safeParse(value)
  if (outside.length > 0 || !item.success) throw itemRefused([...outside, ...optionFaults(item.error?.issues ?? [])])
  const { name, payload, key, ...own } = item.data
  const contract = openContract(intake.catalog, name)
  expectServed(intake.config, name)
  if (key !== undefined && contract.durability === 'queue') throw new Problem('idempotency-needs-ledger')
  const given = { ...own, batch: own.batch ?? options.batch, tenant: own.tenant ?? options.tenant }
  const jobOptions = jobOptionsOf(given, contract, caller)
  const payloadBytes =
    bytes !== undefined && bytes <= contract.maxPayloadBytes ? bytes : Buffer.byteLength(JSON.stringify(payload) ?? '')
  if (payloadBytes > contract.maxPayloadBytes) {
    throw new Problem('body-too-large', { detail: 'the payload is too large', limit_bytes: contract.maxPayloadBytes })
  }
  const job = checkedJob(contract, payload, inPayload, jobOptions)
  intake.waitingRoom.expectRoom(name)
  if (key === undefined) return { contract, asked: { job, once: null }, payloadBytes }
  const sha = requestSha256(name, optionPairs(value, options), payload)
  const once = { caller: caller.id, key, requestSha256: sha, answer: answerOf(job, contract) }
  return { contract, asked: { job, once }, payloadBytes }
}

const inPayload = /^\/payload(?=\/|$)/

function splitFaults(faults: readonly FieldFault[]): [FieldFault[], FieldFault[]] {
  const own = faults.filter(({ field }) => inPayload.test(field))
  const outside = faults.filter(({ field }) => !inPayload.test(field))
  return [own.map(fault => ({ ...fault, field: fault.field.replace(inPayload, '') })), outside]
}

/** A line of nothing but names would be answered with twenty times its length. */
const maxFaults = 20

function itemRefused(errors: readonly FieldFault[]): Problem {
  return new Problem('invalid-option', { errors: errors.slice(0, maxFaults) })
}

function optionFaults(issues: readonly z.core.$ZodIssue[]): FieldFault[] {
  return issues.flatMap(issue => {
    if (issue.code === 'unrecognized_keys') {
      const message = `known are ${Object.keys(jobItem.shape).join(', ')}`
      return issue.keys.map(field => ({ field, rule: 'unknown-option', message }))
    }
    return [{ field: issue.path.join('/'), rule: issue.code.replaceAll('_', '-'), message: issue.message }]
  })
}

/** The options as an address would have them: the same job alone is the same request. */
function optionPairs(value: unknown, options: ManyCall['options']): [string, string][] {
  if (typeof value !== 'object' || value === null) return []
  const pairs: [string, string][] = []
  const all: Readonly<Record<string, unknown>> = { ...options, ...value }
  for (const [name, given] of Object.entries(all)) {
    if (name === 'name' || name === 'payload' || name === 'key' || given === undefined) continue
    if (Array.isArray(given)) for (const tag of given) pairs.push(['tag', String(tag)])
    else pairs.push([name, typeof given === 'string' ? given : JSON.stringify(given)])
  }
  return pairs
}
