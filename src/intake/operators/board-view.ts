import { z } from 'zod'
import type { RunStatement } from '../../db/statement.ts'
import type { StoredError } from '../../ledger/outcome.ts'
import { type JobState, jobStateSql } from '../../ledger/status.ts'
import { type BoardColumn, columnSql } from './board-columns.ts'

/** One job as the ledger knows it, for Bull Board. */
export interface BoardView {
  readonly id: string
  readonly name: string
  readonly column: BoardColumn
  readonly state: JobState
  readonly tenant: string
  readonly entity: string | null
  readonly payload: Record<string, unknown>
  readonly priority: number
  readonly attempts: number
  readonly acceptedAt: Date
  /** When it is due; null when it has ended. */
  readonly dueAt: Date | null
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
  readonly result: unknown
  readonly reason: string | null
  readonly error: StoredError | null
}

const viewStatement = {
  name: 'board-views',
  text: `
    select j.id, j.name, coalesce(case when o.outcome in ('completed', 'skipped') then 'completed' when o.id is not null then 'failed' end,
             ${columnSql}) as column,
           ${jobStateSql} as state, j.tenant, j.entity, j.payload, j.priority,
           coalesce(o.attempts, l.attempts, 0) as attempts, j.accepted_at as "acceptedAt", l.run_at as "dueAt",
           coalesce(o.started_at, l.started_at) as "startedAt", o.finished_at as "finishedAt",
           o.result, o.reason, coalesce(o.error, l.last_error) as error
    from hbnb_jobs.jobs j
    left join hbnb_jobs.job_live l on l.id = j.id
    left join hbnb_jobs.job_outcomes o on o.id = j.id
    where j.id = any($1::uuid[]) and j.name = $2`,
}

/** The ledger's view of jobs of one type, in the order of the ids; one that is gone (retention) is left out. */
export async function boardViews(run: RunStatement, name: string, ids: readonly string[]): Promise<BoardView[]> {
  if (ids.length === 0) return []
  const rows = await run<BoardView>(viewStatement, [ids, name])
  const byId = new Map(rows.map(row => [row.id, row]))
  return ids.flatMap(id => byId.get(id) ?? [])
}

const wantedId = z
  .string()
  .regex(/^[^.]{36}(\.\d{1,10})?$/)
  .transform(text => text.slice(0, 36).toLowerCase())
  .pipe(z.uuid())

/** The job behind an id in an address: its own, or that of one of its copies (`<id>.<run>`). Undefined for anything else. */
export function jobIdIn(text: unknown): string | undefined {
  return wantedId.safeParse(text).data
}
