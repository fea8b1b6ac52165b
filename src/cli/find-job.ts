import { z } from 'zod'
import type { Database } from '../db/connect.ts'
import { findJobStatus, type JobStatus } from '../ledger/status.ts'
import { CommandFailed, UsageError } from './command.ts'

/** A job id as it was typed. Throws {@link UsageError}. */
export function jobIdIn(text: string | undefined): string {
  const id = z.uuid().safeParse(text)
  if (!id.success) throw new UsageError(`"${text}" is not a job id: ids look like 0199a5f0-7c1e-…`)
  return id.data
}

/** What there is to say where the ledger does not know an id. */
export function noSuchJob(id: string): CommandFailed {
  return new CommandFailed(`the ledger has no job ${id} (any more)`)
}

/** Everything the ledger knows of one job, whoever's it is. Throws {@link CommandFailed} when it knows none. */
export async function statusOf({ run, knex }: Database, id: string): Promise<JobStatus & { readonly tenant: string }> {
  const row = await knex('hbnb_jobs.jobs').where({ id }).first<{ tenant: string } | undefined>('tenant')
  const status = row && (await findJobStatus(run, id, row.tenant))
  if (!row || !status) throw noSuchJob(id)
  return { ...status, tenant: row.tenant }
}
