import { z } from 'zod'
import type { RunStatement } from '../../db/statement.ts'
import type { StoredError } from '../../ledger/outcome.ts'
import { type JobState, jobStateSql } from '../../ledger/status.ts'

/** What Bull Board shows of a job in the place of its copy's data: ids and facts of the ledger, nothing personal. */
export interface LedgerView {
  readonly id: string
  readonly run: number
  readonly state: JobState
  readonly entity: string | null
  readonly payload: unknown
  readonly accepted_at: Date
  readonly attempts: number
  readonly result: unknown
  readonly reason: string | null
  readonly error: StoredError | null
  readonly story: string
}

const copyData = z.object({ id: z.uuid(), run: z.int() })
/** What a copy in the queue refers to. */
export type CopyReference = z.output<typeof copyData>

/** Undefined for something in our queue that is not a copy of a ledger row. */
export function referenceIn(data: unknown): CopyReference | undefined {
  return copyData.safeParse(data).data
}

const viewStatement = {
  name: 'board-jobs',
  text: `
    select j.id, ${jobStateSql} as state, j.entity, j.payload, j.accepted_at,
           coalesce(o.attempts, l.attempts, 0) as attempts, o.result, o.reason, coalesce(o.error, l.last_error) as error
    from hbnb_jobs.jobs j
    left join hbnb_jobs.job_live l on l.id = j.id
    left join hbnb_jobs.job_outcomes o on o.id = j.id
    where j.id = any($1::uuid[])`,
}

/** The ledger's view of a page of copies, in one query. A row that is gone (retention) is missing from the answer. */
export async function ledgerViews(
  run: RunStatement,
  ids: readonly string[],
): Promise<Map<string, Omit<LedgerView, 'run'>>> {
  const rows = ids.length > 0 ? await run<Omit<LedgerView, 'run' | 'story'>>(viewStatement, [ids]) : []
  return new Map(rows.map(row => [row.id, { ...row, story: `/admin/story/job/${row.id}` }]))
}
