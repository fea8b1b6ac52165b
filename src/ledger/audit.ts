import type { RunStatement } from '../db/statement.ts'

/** One thing a person did, or was refused. */
export interface AuditEntry {
  /** Who: an operator's address. */
  readonly actor: string
  /** `<kind>.<verb>`, such as `job.retry`. */
  readonly action: string
  /** What it was done to: `job:<id>`, `queue:<name>`, `schedule:<key>`. */
  readonly target: string
  /** What came of it; `refused` says why it was not done. Ids and figures, no payloads. */
  readonly detail: Readonly<Record<string, unknown>>
  /** The page it was asked from, as the browser says; null when it does not say. */
  readonly origin: string | null
}

export interface AuditRow extends AuditEntry {
  readonly at: Date
}

/** How many entries one look answers. */
export const maxAuditRows = 200

const writeStatement = {
  name: 'audit-write',
  text: 'insert into hbnb_jobs.audit_log (actor, action, target, detail, origin) values ($1, $2, $3, $4::jsonb, $5)',
}

/** Writes an entry. In the transaction of what was done, there is never one without the other. */
export async function writeAudit(run: RunStatement, entry: AuditEntry): Promise<void> {
  const { actor, action, target, detail, origin } = entry
  await run(writeStatement, [actor, action, target, JSON.stringify(detail), origin])
}

const newestStatement = {
  name: 'audit-newest',
  text: `select at, actor, action, target, detail, origin from hbnb_jobs.audit_log order by id desc limit ${maxAuditRows}`,
}

const newestOfStatement = {
  name: 'audit-newest-of',
  text: `
    select at, actor, action, target, detail, origin from hbnb_jobs.audit_log
    where target = $1 order by at desc, id desc limit ${maxAuditRows}`,
}

/** The newest entries, of everything or of one target. */
export async function newestAudit(run: RunStatement, target: string | null): Promise<AuditRow[]> {
  return target === null ? await run<AuditRow>(newestStatement) : await run<AuditRow>(newestOfStatement, [target])
}
