import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Outcome } from './engine.ts'
import { until } from './until.ts'
import { startWorld, type World } from './world.ts'

/** One case of a job: what exists before, what the job is given, and what must be true once it has ended. */
export interface JobCase {
  /** Makes the rows the job works on; `id` is unique to this case. Answers the payload. */
  readonly given: (world: World, id: string) => Promise<Record<string, unknown>>
  /** Looked at after the first run and again after the second: nothing may have been done twice. */
  readonly after: (world: World, outcome: Outcome, id: string) => Promise<void>
}

let caseNumber = 0

/**
 * Runs each case of a real job through the real runtime **twice**: the second time the same job is started again as if
 * its outcome had never been written (a crash between the effect and the commit), which must change nothing outside.
 */
export function describeJob(
  name: string,
  cases: Readonly<Record<string, JobCase>>,
  env: Record<string, string> = {},
): void {
  describe(name, () => {
    let world: World
    beforeAll(async () => {
      world = await startWorld(env)
    })
    afterAll(async () => {
      await world.close()
    })

    for (const [title, { given, after }] of Object.entries(cases)) {
      it(`${title}, also when it runs twice`, async () => {
        caseNumber += 1
        const id = `${name.replace('.', '-')}-${caseNumber}`
        const payload = await given(world, id)
        const jobId = await world.accept(world.contract(name), payload)
        const first = await world.ended(jobId)
        await descendantsEnded(world, jobId)
        await after(world, first, id)

        const requestsBefore = await world.control.counts()
        await forgetOutcome(world, jobId)
        const second = await world.ended(jobId)
        await descendantsEnded(world, jobId)
        await after(world, second, id)
        expect(await world.control.counts(), 'the second run asked a provider again').toEqual(requestsBefore)
      })
    }
  })
}

/** Puts an ended job back to `accepted`, as if the commit of its outcome had been lost. */
async function forgetOutcome(world: World, id: string): Promise<void> {
  await world.database.knex.transaction(async tx => {
    await tx('hbnb_jobs.job_outcomes').where({ id }).delete()
    // A run number no copy in the queue has had.
    await tx.raw(
      `insert into hbnb_jobs.job_live (id, name, priority, run_at, run, token)
       select id, name, priority, now(), 1000, 1000 from hbnb_jobs.jobs where id = ?`,
      [id],
    )
  })
}

async function descendantsEnded(world: World, parentId: string): Promise<void> {
  await until('all it made that is due has ended', async () => {
    const { rows } = await world.database.knex.raw(
      `with recursive descendants as (
         select id from hbnb_jobs.jobs where parent_id = ?
         union select j.id from hbnb_jobs.jobs j join descendants d on j.parent_id = d.id
       )
       select 1 from descendants join hbnb_jobs.job_live using (id) where run_at <= now()`,
      [parentId],
    )
    return rows.length === 0
  })
}
