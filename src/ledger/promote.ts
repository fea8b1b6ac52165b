import type { RunStatement } from '../db/statement.ts'

/** A copy that waits in its queue for a retry is left behind: it finds its row gone from `queued` and does nothing. */
const promoteStatement = {
  name: 'promote',
  text: `
    with waiting as materialized (
      select id from hbnb_jobs.job_live
      where id = $1 and ((state = 'accepted' and run_at > now()) or (state = 'queued' and attempts > 0)) for update
    )
    update hbnb_jobs.job_live l set state = 'accepted', run_at = now(), changed_at = now()
    from waiting w where l.id = w.id
    returning l.id, (select pg_notify('hbnb_jobs', ''))`,
}

/** Makes a job due now that waits for its time or its next attempt. False when it does neither. */
export async function promoteJob(run: RunStatement, id: string): Promise<boolean> {
  return (await run(promoteStatement, [id])).length > 0
}
