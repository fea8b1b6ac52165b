import type { RunStatement } from '../db/statement.ts'
import { type KeyedRequest, keptHours, repeated, type Repeated } from './accept-once.ts'
import { newJobId } from './job-id.ts'
import type { NewJob } from './new-job.ts'

/** A batch to open. `whenDone` is made once all its jobs have ended, under another id. */
export interface NewBatch {
  readonly tenant: string
  readonly about: string | null
  readonly entity: string | null
  readonly whenDone: NewJob | null
}

/** Key and batch commit together, as those of jobs do; a key that has expired is taken over. */
const openStatement = {
  name: 'batch-open',
  text: `
    with taken as (
      insert into hbnb_jobs.idempotency_keys as k (caller, key, request_sha256, job_ids, answer, expires_at)
      select $8, $9, $10, '{}', jsonb_build_object('id', $1::uuid), now() + ${keptHours} * interval '1 hour' where $9::text is not null
      on conflict (caller, key) do update
      set request_sha256 = excluded.request_sha256, job_ids = excluded.job_ids, answer = excluded.answer,
          created_at = now(), expires_at = excluded.expires_at
      where k.expires_at <= now()
      returning key
    )
    insert into hbnb_jobs.batches (id, tenant, about, entity, when_done_name, when_done_version, when_done_payload)
    select $1, $2, $3, $4, $5, $6::smallint, $7::jsonb where $9::text is null or exists (select from taken)
    returning id`,
}

/** Opens a batch; the same request again under its key is told the id of the first, as `answer`. */
export async function openBatch(
  run: RunStatement,
  { tenant, about, entity, whenDone }: NewBatch,
  once: KeyedRequest | null,
): Promise<Repeated | { readonly status: 'opened'; readonly id: string }> {
  const id = newJobId()
  const then = whenDone && [whenDone.name, whenDone.version, JSON.stringify(whenDone.payload)]
  const key = once && [once.caller, once.key, once.requestSha256]
  const nothing = [null, null, null]
  const rows = await run(openStatement, [id, tenant, about, entity, ...(then ?? nothing), ...(key ?? nothing)])
  return once === null || rows.length > 0 ? { status: 'opened', id } : await repeated(run, once)
}
