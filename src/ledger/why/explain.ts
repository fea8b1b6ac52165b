import type { Catalog } from '../../../queues/catalog.ts'
import type { RunStatement } from '../../db/statement.ts'
import { heldBudgets } from '../holds.ts'
import { instant } from '../instant.ts'
import { reasonWords } from '../reason-words.ts'
import { wordFor } from '../story-words.ts'
import type { DeliveryFacts } from './deliveries.ts'
import { factsOfJob } from './job-facts.ts'
import { jobWords } from './job-words.ts'

/** One thing explained: what it is, and why it is so. */
export interface Explained {
  readonly what: string
  readonly job_id: string | null
  readonly state: string
  readonly why: readonly string[]
}

/** Explains one job; undefined when the ledger has no such job. */
export async function explainJob(run: RunStatement, catalog: Catalog, id: string): Promise<Explained | undefined> {
  const facts = await factsOfJob(run, id)
  if (!facts) return undefined
  const contract = catalog.get(facts.name)
  const limit = contract?.rateLimit
  const budget = limit !== undefined && limit !== 'none' && 'budget' in limit ? limit.budget : undefined
  const heldForMs = budget === undefined ? 0 : ((await heldBudgets(run)).get(budget) ?? 0)
  const what = [facts.name, facts.entity].filter(Boolean).join(' about ')
  return { what, job_id: id, state: facts.state, why: jobWords(facts, contract, heldForMs) }
}

/** Explains each channel of notifications: why it is used or not, and what became of what was sent. */
export async function explainDeliveries(
  run: RunStatement,
  catalog: Catalog,
  deliveries: readonly DeliveryFacts[],
): Promise<Explained[]> {
  const explained: Explained[] = []
  for (const { about, entity, created_at, channel, decision, reason, until, job_id } of deliveries) {
    const what = `${wordFor(channel)} of ${about}${entity === null ? '' : ` about ${entity}`}, decided ${instant(created_at)}`
    if (decision === 'suppress' || job_id === null) {
      explained.push({
        what,
        job_id: null,
        state: 'not sent',
        why: [`It was not sent: ${reasonWords(reason)}.`],
      })
      continue
    }
    const job = await explainJob(run, catalog, job_id)
    const gone = { job_id, state: 'gone', why: ['Its job is older than what the ledger keeps.'] }
    const told = job ?? gone
    const put = until === null ? [] : [`It was put off until ${instant(until)}: ${reasonWords(reason)}.`]
    explained.push({ ...told, what, why: [...put, ...told.why] })
  }
  return explained
}
