import { Problem, problemBody, problems } from '../http/problem.ts'
import { strictItems } from '../http/strict-json.ts'
import { acceptItem, type ItemOutcome } from './accept-item.ts'
import type { ManyCall } from './read-item.ts'

/** Of one array; more are sent as NDJSON. */
export const maxItems = 1_000

/** As `manyAnswer` describes it. */
type ArrayAnswer = Readonly<Record<ItemOutcome['status'], number>> & { readonly items: readonly object[] }

/**
 * Accepts the jobs of an array, each on its own. Throws when the body as such is wrong, and when nothing was taken because
 * it is the wrong time.
 */
export async function acceptArray(call: ManyCall, bytes: Uint8Array, instance: string): Promise<ArrayAnswer> {
  const items = strictItems(bytes, maxItems)
  if (items === undefined) {
    const message = `must be an array of 1 to ${maxItems} jobs; send more as application/x-ndjson`
    throw new Problem('invalid-payload', { errors: [{ field: '', rule: 'type', message }] })
  }
  const outcomes = await Promise.all(items.map(item => acceptItem(call, () => item)))
  const unwelcome = outcomes.flatMap(outcome => (isBadTime(outcome) ? outcome.problem : []))
  if (unwelcome[0] !== undefined && unwelcome.length === items.length) throw unwelcome[0]
  const count = (status: ItemOutcome['status']) => outcomes.filter(outcome => outcome.status === status).length
  return {
    accepted: count('accepted'),
    replayed: count('replayed'),
    refused: count('refused'),
    items: outcomes.map((outcome, index) =>
      outcome.status === 'refused'
        ? { index, status: outcome.status, problem: problemBody(outcome.problem, instance) }
        : { index, status: outcome.status, id: outcome.id },
    ),
  }
}

function isBadTime(outcome: ItemOutcome): outcome is Extract<ItemOutcome, { status: 'refused' }> {
  return outcome.status === 'refused' && [429, 503].includes(problems[outcome.problem.code].status)
}
