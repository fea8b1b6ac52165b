import type { Knex } from 'knex'

/** Keys of what earlier runs of a job have set out to do outside, and whether it may have been done without our knowing. */
export async function earlierEffects(db: Knex, jobId: string): Promise<ReadonlyMap<string, { isInDoubt: boolean }>> {
  const rows = await db('hbnb_jobs.effects').where({ job_id: jobId }).select<{ key: string; isInDoubt: boolean }[]>(
    'key',
    // By policy an effect in doubt is done once more: until then it is reserved, and in doubt as before.
    db.raw(`(state = 'unknown' or coalesce(state = 'reserved' and evidence = 'policy', false)) as "isInDoubt"`),
  )
  return new Map(rows.map(({ key, isInDoubt }) => [key, { isInDoubt }]))
}
