import { z } from 'zod'
import type { JobContract } from '../../../queues/define-job.ts'
import { jobQuery } from '../../intake/http/job-options.ts'
import { defaultTenant, InvalidPayload, type JobOptions, type NewJob, newJob } from '../../ledger/new-job.ts'
import { CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { instantOption } from '../read-time.ts'
import { issueLines } from '../schedule-refusal.ts'

/** The options of a new job, as the command line takes them. */
export const enqueueOptions = {
  'run-at': { type: 'string' },
  'expires-at': { type: 'string' },
  priority: { type: 'string' },
  tenant: { type: 'string' },
  entity: { type: 'string' },
  tag: { type: 'string', multiple: true },
  batch: { type: 'string' },
} as const

/** The job that was asked for, checked as the intake checks it. Throws saying what is wrong, field by field. */
export function jobOf(invocation: Invocation, contract: JobContract, payload: Record<string, unknown>): NewJob {
  if (!contract.open) throw new CommandFailed(`${contract.name} is only made by other jobs`)
  const options = optionsOf(invocation)
  const bytes = Buffer.byteLength(JSON.stringify(payload))
  if (bytes > contract.maxPayloadBytes) {
    throw new CommandFailed(`the payload has ${bytes} bytes, ${contract.name} takes ${contract.maxPayloadBytes}`)
  }
  try {
    return newJob(contract, payload, options)
  } catch (error) {
    if (!(error instanceof InvalidPayload)) throw error
    throw new CommandFailed([error.message, ...issueLines(error.issues)].join('\n'))
  }
}

function optionsOf(invocation: Invocation): JobOptions {
  const given = (name: string) => textOption(invocation, name)
  const time = (name: string) => instantOption(name, given(name), { isAhead: true })?.toISOString()
  const read = jobQuery.safeParse({
    run_at: time('run-at'),
    expires_at: time('expires-at'),
    priority: given('priority'),
    tenant: given('tenant'),
    entity: given('entity'),
    batch: given('batch'),
    tag: z.array(z.string()).optional().parse(invocation.options['tag']),
  })
  if (!read.success) {
    const lines = read.error.issues.map(
      ({ path, message }) => `--${path.map(String).join('.').replaceAll('_', '-')} ${message}`,
    )
    throw new UsageError(lines.join('\n'))
  }
  const { run_at = null, expires_at = null, priority, tenant, entity = null, batch = null, tag = [] } = read.data
  if (expires_at !== null && expires_at.getTime() <= Math.max(Date.now(), run_at?.getTime() ?? 0)) {
    throw new UsageError('--expires-at must lie in the future and after --run-at')
  }
  return {
    tenant: tenant ?? defaultTenant,
    runAt: run_at,
    expiresAt: expires_at,
    tags: [...new Set(tag)],
    entity,
    batchId: batch,
    ...(priority === undefined ? {} : { priority }),
  }
}
