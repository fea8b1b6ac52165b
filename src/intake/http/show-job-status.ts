import { isTestTenant } from '../../domain/test-tenant.ts'
import type { JobStatus } from '../../ledger/status.ts'

/** A job's status as it is sent. */
export function shownJobOf(job: JobStatus) {
  const self = `/v1/jobs/${job.id}`
  return { ...job, test: isTestTenant(job.tenant), links: { self, events: `${self}/events` } }
}
