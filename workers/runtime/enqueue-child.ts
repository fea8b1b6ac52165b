import type { Knex } from 'knex'
import type { z } from 'zod'
import type { JobContract } from '../../queues/define-job.ts'
import { type RunStatement, statementsIn } from '../../src/db/statement.ts'
import { acceptJobs } from '../../src/ledger/accept.ts'
import { isTestTenant } from '../../src/domain/test-tenant.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { childJobId } from '../../src/ledger/job-id.ts'
import { type JobOptions, newJob } from '../../src/ledger/new-job.ts'

/** Options of a child; entity, tenant and trace are its parent's unless given. */
export interface ChildOptions extends Omit<JobOptions, 'id'> {
  /** Unique among this parent's children: a rerun with the same key makes no second child. */
  readonly key: string
  /** Commits the child together with the caller's own rows. */
  readonly tx?: Knex.Transaction
}

/** Accepts a child job. Answers its id, also when an earlier run made it. */
export type EnqueueChild = <C extends JobContract>(
  contract: C,
  payload: z.input<C['payload']>,
  options: ChildOptions,
) => Promise<string>

export function enqueueFor(parent: Claim, run: RunStatement): EnqueueChild {
  return async (contract, payload, { key, tx, ...options }) => {
    const id = childJobId(parent.id, key)
    const inherited = { entity: parent.entity, tenant: parent.tenant, traceparent: parent.traceparent }
    // Whatever a test job makes is a test.
    const tenant = isTestTenant(parent.tenant) ? parent.tenant : (options.tenant ?? parent.tenant)
    const child = {
      ...newJob(contract, payload, { ...inherited, ...options, tenant, id }),
      parentId: parent.id,
      childKey: key,
    }
    await acceptJobs(tx ? statementsIn(tx) : run, [child])
    return id
  }
}
