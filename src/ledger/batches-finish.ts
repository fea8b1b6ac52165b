import type { RunStatement } from '../db/statement.ts'
import { uniqueKeyInSql } from '../domain/test-tenant.ts'
import { wakeChannel } from './accept.ts'
import { batchCounts } from './batches.ts'

const maxBatchesPerPass = 200

/** Batches that wait for a job known to be open are no candidates: however many there are, none behind them waits too. */
const closingStatement = {
  name: 'batches-closing',
  text: `
    select b.id, b.looked_until as "lookedUntil" from hbnb_jobs.batches b
    where b.closed_at is not null and b.done_at is null
      and not exists (select from hbnb_jobs.job_live l where l.id = b.looked_until)
    order by b.id limit ${maxBatchesPerPass}`,
}

/** What has ended is passed over once: the next look begins at the job that was found open. */
const firstOpenStatement = {
  name: 'batch-first-open',
  text: `
    select j.id from hbnb_jobs.jobs j
    where j.batch_id = $1 and j.id >= coalesce($2::uuid, '00000000-0000-0000-0000-000000000000')
      and exists (select from hbnb_jobs.job_live l where l.id = j.id)
    order by j.id limit 1`,
}

const lookedStatement = { name: 'batch-looked', text: 'update hbnb_jobs.batches set looked_until = $2 where id = $1' }

/**
 * The batch is done and its job made in one commit, or neither: a pass that is killed leaves nothing half, and of two that
 * meet the second finds it done. All jobs are counted once more, because one may have been retried behind the last look.
 */
const finishStatement = {
  name: 'batch-finish',
  text: `
    with held as materialized (
      select b.*, hbnb_jobs.uuid_v7() as new_id from hbnb_jobs.batches b
      where b.id = $1 and b.closed_at is not null and b.done_at is null for update
    ), counted as materialized (
      select ${batchCounts}
      from held b join hbnb_jobs.jobs j on j.batch_id = b.id left join hbnb_jobs.job_outcomes o on o.id = j.id
        and o.id >= (select f.id from hbnb_jobs.jobs f where f.batch_id = $1 order by f.id limit 1)
        and o.id <= (select l.id from hbnb_jobs.jobs l where l.batch_id = $1 order by l.id desc limit 1)
    ), ended as (
      update hbnb_jobs.batches b
      set done_at = case when c.open = 0 then now() end,
          final_counts = case when c.open = 0 then to_jsonb(c) end,
          when_done_job_id = case when c.open = 0 and h.when_done_name is not null then h.new_id end,
          looked_until = null
      from held h, counted c where b.id = h.id
      returning h.id, h.new_id, h.tenant, h.entity, h.when_done_name as name, h.when_done_version as version,
                h.when_done_payload as payload, c.open = 0 as done
    ), made as (
      insert into hbnb_jobs.jobs (id, name, version, payload, tenant, entity, tags, priority, run_at, expires_at)
      select e.new_id, e.name, e.version, e.payload, e.tenant, e.entity, array['batch:' || e.id], coalesce(t.priority, 5), now(),
             now() + t.expires_after_ms * interval '1 ms'
      from ended e left join hbnb_jobs.job_types t using (name) where e.done and e.name is not null
      returning id, name, priority, run_at, tenant, payload
    ), live as (
      insert into hbnb_jobs.job_live (id, name, priority, run_at, lane, unique_key)
      select m.id, m.name, m.priority, m.run_at, concat_ws(chr(31), m.tenant, hbnb_jobs.key_of(t.lane_by, m.payload)),
             ${uniqueKeyInSql('m.tenant', 'hbnb_jobs.key_of(t.unique_by, m.payload)')}
      from made m left join hbnb_jobs.job_types t using (name)
    )
    select done, (select pg_notify('${wakeChannel}', '')) as wake from ended`,
}

/**
 * Ends the closed batches all of whose jobs have ended. Several processes may do so at once. Answers how many it ended; a
 * batch that cannot be ended does not keep others waiting, and is thrown at the end.
 */
export async function finishBatches(run: RunStatement): Promise<number> {
  const closing = await run<{ id: string; lookedUntil: string | null }>(closingStatement)
  const faults: unknown[] = []
  let ended = 0
  for (const { id, lookedUntil } of closing) {
    try {
      const [open] = await run<{ id: string }>(firstOpenStatement, [id, lookedUntil])
      if (open) {
        if (open.id !== lookedUntil) await run(lookedStatement, [id, open.id])
        continue
      }
      const [finished] = await run<{ done: boolean }>(finishStatement, [id])
      if (finished?.done === true) ended += 1
    } catch (error) {
      faults.push(error)
    }
  }
  if (faults.length > 0) throw faults[0]
  return ended
}
