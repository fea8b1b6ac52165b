/** What an alert is about; each has its section in docs/operations/runbook.md. */
export const alertKinds = [
  'dead-letters',
  'quarantined',
  'paused-by-config',
  'oldest-due',
  'relay-absent',
  'schedule-missed',
  'schedule-late',
  'sms-cap',
] as const

export type AlertKind = (typeof alertKinds)[number]

/** Something a person must know. Holds names, ids, codes and counts; never a payload, never a person. */
export interface Alert {
  readonly kind: AlertKind
  /** The queue or the schedule it is about; null for the whole system. */
  readonly subject: string | null
  /** Errors that are the same have the same (src/domain/error-signature.ts); null where there is none. */
  readonly signature: string | null
  /** One sentence. */
  readonly text: string
  /** A job to look at first. */
  readonly jobId: string | null
  /** When it first happened without having been told; for what lasts, now. */
  readonly since: Date
  /** When it last happened; for what lasts, now. */
  readonly at: Date
}

/** Alerts with the same key are one: it is told once an hour. */
export function keyOf({ kind, subject, signature }: Alert): string {
  return [kind, subject ?? '', signature ?? ''].join('|')
}
