import type { AuditEntry } from '../../ledger/audit.ts'

/** Why a change was not made, in the words a page shows: a headline and, below it, a sentence. */
export class BoardRefusal extends Error {
  override readonly name = 'BoardRefusal'
  readonly status: 400 | 403 | 404 | 409
  readonly title: string

  constructor(status: BoardRefusal['status'], title: string, message: string) {
    super(message)
    this.status = status
    this.title = title
  }
}

/** How the audit log tells that something was asked for and refused. */
export function refusedEntry(asked: Omit<AuditEntry, 'detail'>, { status, title, message }: BoardRefusal): AuditEntry {
  return { ...asked, detail: { refused: status, because: `${title}: ${message}` } }
}
