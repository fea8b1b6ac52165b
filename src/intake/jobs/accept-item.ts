import { enqueueDirect } from '../../queue/enqueue-direct.ts'
import { problemOf } from '../http/answer-errors.ts'
import { Problem } from '../http/problem.ts'
import { storeFault } from '../http/storing.ts'
import type { StrictJson } from '../http/strict-json.ts'
import { refusalOf, repeatedAnswer } from './check-job.ts'
import { type ManyCall, type ReadItem, readItem } from './read-item.ts'

const outcomeUnknown = 'outcome unknown, repeat with the same key'

/** What became of one of many jobs. */
export type ItemOutcome =
  | { readonly status: 'accepted' | 'replayed'; readonly id: string }
  | { readonly status: 'refused'; readonly problem: Problem }

/**
 * Accepts one of many jobs, or says why not. `read` may throw what is wrong with it; `bytes` is its size where that is
 * known. Resolves after the commit.
 */
export async function acceptItem(call: ManyCall, read: () => StrictJson, bytes?: number): Promise<ItemOutcome> {
  try {
    return await store(call, readItem(call, read(), bytes))
  } catch (error) {
    const problem = problemOf(error)
    if (problem.code === 'internal-error') call.intake.log.error({ err: error }, 'one of many jobs was not taken')
    return { status: 'refused', problem }
  }
}

async function store({ intake }: ManyCall, { contract, asked, payloadBytes }: ReadItem): Promise<ItemOutcome> {
  const { job, once } = asked
  if (contract.durability === 'queue') {
    await enqueueDirect(intake.backend, contract, [job]).catch(() => {
      throw new Problem('queue-away', {}, { 'retry-after': '1' })
    })
    return { status: 'accepted', id: job.id }
  }
  const done = await intake.acceptOneOfMany(job, once ?? undefined).catch((error: unknown) => {
    throw storeFault(outcomeUnknown, error)
  })
  if (done.status === 'replayed') return { status: 'replayed', id: repeatedAnswer(done.answer).id }
  if (done.status !== 'accepted') return { status: 'refused', problem: refusalOf(done.status) }
  intake.waitingRoom.added(contract.name, { payloadBytes, isDue: job.runAt === null })
  return { status: 'accepted', id: job.id }
}
