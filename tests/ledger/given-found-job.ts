import type { Knex } from 'knex'
import { v7 } from 'uuid'
import type { StoredError } from '../../src/ledger/outcome.ts'
import type { JobState } from '../../src/ledger/status.ts'

/** A job as a search meets it. `atMs` is the time in its id. */
export interface GivenFoundJob {
  readonly id: string
  readonly atMs: number
  readonly name: string
  readonly tenant: string
  readonly tags: readonly string[]
  readonly entity: string | null
  readonly batch: string | null
  readonly state: JobState
  readonly error: StoredError | null
}

const openRows: Readonly<Partial<Record<JobState, Record<string, unknown>>>> = {
  scheduled: { state: 'accepted', run_at: new Date(Date.now() + 3_600_000) },
  waiting: { state: 'accepted' },
  active: { state: 'running', run: 1, token: 1 },
  retrying: { state: 'queued', run: 1, attempts: 1 },
  parked: { state: 'parked' },
}

/** Writes the rows of a job in some state. */
export async function givenFoundJob(
  knex: Knex,
  asked: Partial<GivenFoundJob> & Pick<GivenFoundJob, 'atMs' | 'name' | 'state'>,
): Promise<GivenFoundJob> {
  const { atMs } = asked
  const job = {
    id: v7({ msecs: atMs }),
    tenant: 'default',
    tags: [],
    entity: null,
    batch: null,
    error: null,
    ...asked,
  }
  const { id, name, tenant, tags, entity, batch, state, error } = job
  const at = new Date(atMs)
  const row = { id, name, version: 1, payload: '{}', tenant, entity, priority: 5, run_at: at, accepted_at: at }
  await knex('hbnb_jobs.jobs').insert({ ...row, tags: [...tags], batch_id: batch })
  const open = openRows[state]
  if (open) {
    const live = {
      id,
      name,
      priority: 5,
      run_at: at,
      lane: tenant,
      last_error: error && JSON.stringify(error),
      ...open,
    }
    await knex('hbnb_jobs.job_live').insert(live)
  } else {
    const end = { id, outcome: state, attempts: 2, error: error && JSON.stringify(error) }
    await knex('hbnb_jobs.job_outcomes').insert(end)
  }
  return job
}
