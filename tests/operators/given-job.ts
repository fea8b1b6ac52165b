import type { JobContract } from '../../queues/define-job.ts'
import type { Database } from '../../src/db/connect.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { newJobId } from '../../src/ledger/job-id.ts'
import { type JobOptions, newJob } from '../../src/ledger/new-job.ts'

/** A job that waits for the relay. */
export async function givenOpen(
  { run }: Database,
  contract: JobContract,
  payload: Record<string, unknown>,
  options: JobOptions = {},
): Promise<string> {
  const job = newJob(contract, payload, options)
  await acceptJobs(run, [job])
  return job.id
}

export type End = 'completed' | 'skipped' | 'failed' | 'cancelled' | 'quarantined'

/** Ends an open job as its last run would have. */
export async function endAs({ knex }: Database, id: string, outcome: End): Promise<void> {
  await knex('hbnb_jobs.job_live').where({ id }).delete()
  await knex('hbnb_jobs.job_outcomes').insert({
    id,
    outcome,
    attempts: outcome === 'cancelled' ? 0 : 3,
    reason: outcome === 'cancelled' ? 'cancelled by an operator' : null,
    error:
      outcome === 'failed' ? { name: 'PermanentError', code: 'mail-refused', message: 'SendGrid refused it' } : null,
  })
}

/** An effect of a job, in some state. */
export async function givenEffect({ knex }: Database, jobId: string, key: string, state: string): Promise<void> {
  await knex('hbnb_jobs.effects').insert({
    id: newJobId(),
    job_id: jobId,
    key,
    provider: 'sendgrid',
    state,
    sends: 1,
    provider_id: state === 'accepted' ? 'm-1' : null,
    error: state === 'rejected' ? { name: 'PermanentError', code: 'mail-refused', message: 'refused' } : null,
    evidence: 'answer',
    settled_at: new Date(),
  })
}
