import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import { firstJobIdAt } from '../partitions.ts'
import { deliveriesTo, undecidedFor } from './deliveries.ts'
import { type Explained, explainDeliveries, explainJob } from './explain.ts'

/** Of jobs that have not decided yet: older ones have given up, and the dead letters have them. */
const undecidedWindowMs = 7 * 86_400_000

/** Explains what the newest notifications to one person did or did not do, newest first; empty when nobody asked for any. */
export async function explainPerson(run: RunStatement, catalog: Catalog, userId: string): Promise<Explained[]> {
  const explained = await explainDeliveries(run, catalog, await deliveriesTo(run, userId))
  for (const id of await undecidedFor(run, userId, firstJobIdAt(Date.now() - undecidedWindowMs))) {
    const job = await explainJob(run, catalog, id)
    if (job) explained.unshift(job)
  }
  return explained
}
