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

/** Everything the ledger knows of one job, whoever's it is. Throws {@link CommandFailed} when it knows none. */
export async function statusOf({ run }: Database, id: string): Promise<JobStatus> {
  const status = await findJobStatus(run, id)
  if (!status) throw new CommandFailed(`the ledger has no job ${id} (any more)`)
  return status
}
