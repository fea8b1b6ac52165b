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
  readonly story: string
  readonly attempts: number
  readonly result?: unknown
  readonly reason?: string
  readonly error?: StoredError
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
    select j.id, ${jobStateSql} as state, j.entity, j.payload, j.accepted_at, '/admin/story/job/' || j.id as story,
           coalesce(o.attempts, l.attempts, 0) as attempts,
           jsonb_strip_nulls(jsonb_build_object(
             'result', o.result, 'reason', o.reason, 'error', coalesce(o.error, l.last_error))) as known
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
  const rows = ids.length > 0 ? await run<ViewRow>(viewStatement, [ids]) : []
  return new Map(rows.map(({ known, ...view }) => [view.id, { ...view, ...known }]))
}

interface ViewRow extends Omit<LedgerView, 'run' | 'result' | 'reason' | 'error'> {
  /** What there is of the outcome, without empty fields. */
  readonly known: Pick<LedgerView, 'result' | 'reason' | 'error'>
}
