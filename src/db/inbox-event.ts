import { jobStateSql, type JobState } from '../ledger/status.ts'
import { eventFactsSql, type FoundEvent } from './inbox-search.ts'
import type { RunStatement } from './statement.ts'

/** A job that was made for an event, or by such a job. */
export interface MadeJob {
  readonly id: string
  readonly name: string
  readonly state: JobState
  readonly entity: string | null
  readonly accepted_at: string
  /** The job that made it; null for one that was made for the event itself. */
  readonly parent_id: string | null
}

/** One event of the inbox as it came, and what was made of it, the newest first. */
export interface InboxEntry extends FoundEvent {
  /** As it was stored: may hold personal data. */
  readonly body: unknown
  readonly jobs: readonly MadeJob[]
}

const maxJobs = 100

const entryStatement = {
  name: 'inbox-entry',
  text: `
    with picked as materialized (select $1::uuid as id), reacting as materialized (
      select e.job_id || e.earlier_job_ids as ids from hbnb_jobs.webhook_inbox e where e.id = $1
    ), made as materialized (
      select j.* from reacting join hbnb_jobs.jobs j on j.id = any(ids)
      union all select j.* from reacting join hbnb_jobs.jobs j on j.parent_id = any(ids)
      order by id desc limit ${maxJobs}
    )
    select facts || jsonb_build_object('body', e.body, 'jobs', (
      select coalesce(jsonb_agg(jsonb_build_object('id', j.id, 'name', j.name, 'state', ${jobStateSql}, 'entity', j.entity,
        'accepted_at', j.accepted_at, 'parent_id', j.parent_id) order by j.id desc), '[]')
      from made j left join hbnb_jobs.job_live l on l.id = j.id left join hbnb_jobs.job_outcomes o on o.id = j.id)) as entry
    from (${eventFactsSql}) as found join hbnb_jobs.webhook_inbox e using (id)`,
}

/** One event with its body and its jobs; undefined when the inbox has none of this id. */
export async function findInboxEntry(run: RunStatement, id: string): Promise<InboxEntry | undefined> {
  const [row] = await run<{ entry: InboxEntry }>(entryStatement, [id])
  return row?.entry
}
