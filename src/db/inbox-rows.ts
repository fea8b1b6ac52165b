import type { NewJob } from '../ledger/new-job.ts'
import type { IncomingEvent } from './inbox-store.ts'

/** An event with its ids and, unless it is ignored, its job. */
export interface Arrival {
  /** The same for what is the same event, or has no right to its id. */
  readonly name: string
  readonly inboxId: string
  readonly event: IncomingEvent
  readonly job: NewJob | null
  readonly ignoredBecause: string | null
}

/**
 * The CTEs `told` (events) and `given` (their jobs, as `insertJobs` wants them) of a statement whose parameters are
 * {@link inboxRows}. Each is one JSON text: as one array per column, whose elements are all quoted and escaped one by one,
 * a batch cost the door two and a half times as much.
 */
export const inboxRecords = `
    told as materialized (
      select * from json_to_recordset($1) as t(
        id uuid, source text, event_id text, scheme text, type text, body jsonb, body_sha256 text, entity text, job_id uuid,
        ignored_because text, is_nameless boolean)
    ), given as materialized (
      select * from json_to_recordset($2) as g(
        id uuid, name text, version smallint, payload jsonb, tenant text, entity text, tags text[], parent_id uuid,
        child_key text, priority smallint, run_at timestamptz, expires_at timestamptz, traceparent text, batch_id uuid,
        lane text, unique_key text, payload_bytes int)
    )`

/** The parameters of {@link inboxRecords}. What is null is left out, which reads the same. */
export function inboxRows(arrivals: readonly Arrival[]): string[] {
  const jobs = arrivals.flatMap(({ job }) => job ?? [])
  return [JSON.stringify(arrivals.map(eventRow)), JSON.stringify(jobs.map(jobRow))]
}

function eventRow({ inboxId, event, job, ignoredBecause }: Arrival) {
  return {
    id: inboxId,
    source: event.source,
    event_id: event.eventId ?? inboxId,
    scheme: event.scheme,
    type: event.type,
    body: event.body,
    body_sha256: event.bodySha256,
    entity: event.entity ?? undefined,
    job_id: job?.id,
    ignored_because: ignoredBecause ?? undefined,
    is_nameless: event.eventId === null,
  }
}

function jobRow(job: NewJob) {
  return {
    id: job.id,
    name: job.name,
    version: job.version,
    payload: job.payload,
    tenant: job.tenant,
    entity: job.entity ?? undefined,
    tags: job.tags,
    parent_id: job.parentId ?? undefined,
    child_key: job.childKey ?? undefined,
    priority: job.priority,
    run_at: job.runAt ?? undefined,
    expires_at: job.expiresAt ?? undefined,
    traceparent: job.traceparent ?? undefined,
    batch_id: job.batchId ?? undefined,
    lane: job.lane,
    unique_key: job.uniqueKey ?? undefined,
    payload_bytes: Buffer.byteLength(JSON.stringify(job.payload)),
  }
}
