import type { Knex } from 'knex'
import { statementsIn } from '../db/statement.ts'
import { acceptJobs } from './accept.ts'
import type { NewJob } from './new-job.ts'

/** How long a key stands for its request. */
const keptHours = 24
const table = 'hbnb_jobs.idempotency_keys'

/** A request that its caller may repeat. */
export interface RepeatableRequest {
  /** The API key's id: keys of two callers never meet. */
  readonly caller: string
  readonly key: string
  /** Over everything that makes it the same request. */
  readonly requestSha256: string
  readonly job: NewJob
  /** What it is answered, now and on every repeat. */
  readonly answer: Readonly<Record<string, unknown>>
}

/** `in-flight`: another request holds the key at this moment. `reused`: the key stands for another request. */
export type Accepted =
  | { readonly status: 'accepted' | 'replayed'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly status: 'in-flight' | 'reused' }

/**
 * Accepts a job under an Idempotency-Key: the key's row and the job commit together, so a key that is kept has its job,
 * and whatever fails keeps none (docs: protocol, section 5).
 */
export async function acceptOnce(knex: Knex, request: RepeatableRequest): Promise<Accepted> {
  const { caller, key, requestSha256, job, answer } = request
  return await knex.transaction(async tx => {
    if (!(await takeKey(tx, `${caller} ${key}`))) return { status: 'in-flight' }
    const known = await tx(table)
      .where({ caller, key })
      .where('expires_at', '>', tx.fn.now())
      .first<{ request_sha256: string; answer: Record<string, unknown> } | undefined>('request_sha256', 'answer')
    if (known) {
      return known.request_sha256 === requestSha256
        ? { status: 'replayed', answer: known.answer }
        : { status: 'reused' }
    }
    const row = {
      caller,
      key,
      request_sha256: requestSha256,
      job_ids: [job.id],
      answer: JSON.stringify(answer),
      created_at: tx.fn.now(),
      expires_at: tx.raw(`now() + ? * interval '1 hour'`, [keptHours]),
    }
    await tx(table).insert(row).onConflict(['caller', 'key']).merge()
    await acceptJobs(statementsIn(tx), [job])
    return { status: 'accepted', answer }
  })
}

/** Holds the key until the transaction ends; false when somebody else does. */
async function takeKey(tx: Knex.Transaction, name: string): Promise<boolean> {
  const { rows } = await tx.raw<{ rows: { taken: boolean }[] }>(
    'select pg_try_advisory_xact_lock(hashtextextended(?, 1)) as taken',
    [name],
  )
  return rows[0]?.taken === true
}
