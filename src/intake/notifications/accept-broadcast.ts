import type { Knex } from 'knex'
import contract from '../../../queues/notifications/broadcast.ts'
import { insertBroadcast, type NewBroadcast } from '../../db/broadcasts.ts'
import { statementsIn } from '../../db/statement.ts'
import { acceptEach, type KeyedRequest, type Repeated } from '../../ledger/accept-once.ts'
import { newJob } from '../../ledger/new-job.ts'

/** Keeps a broadcast and the job that walks its audience, under one id and in one transaction. Resolves after the commit. */
export async function acceptBroadcast(
  knex: Knex,
  broadcast: NewBroadcast,
  keyed: KeyedRequest | null,
): Promise<Repeated | { readonly status: 'accepted'; readonly id: string }> {
  const { id, tenant, expires_at } = broadcast
  const job = newJob(contract, { broadcast_id: id }, { id, tenant, expiresAt: expires_at })
  const once = keyed && { ...keyed, answer: { id } }
  return await knex.transaction(async tx => {
    const [done] = await acceptEach(statementsIn(tx), [{ job, once }])
    if (done?.status === 'replayed' || done?.status === 'reused' || done?.status === 'in-flight') return done
    await insertBroadcast(tx, broadcast)
    return { status: 'accepted', id }
  })
}
