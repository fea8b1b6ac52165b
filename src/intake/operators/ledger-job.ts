import { Job } from 'bullmq'
import type { JobContract } from '../../../queues/define-job.ts'
import { redactPayload } from '../../observability/redact-payload.ts'
import type { CopyQueue } from '../../queue/backend.ts'
import type { BoardColumn } from './board-columns.ts'
import type { BoardView } from './board-view.ts'

/** A job of the ledger in the shape Bull Board reads; it is in no queue, and nothing is ever done to it. */
export class LedgerJob extends Job {
  readonly #column: BoardColumn

  constructor(queue: CopyQueue, contract: JobContract, view: BoardView) {
    const { id, name, acceptedAt, dueAt, column, startedAt, finishedAt } = view
    const timestamp = acceptedAt.getTime()
    const delay = column === 'delayed' && dueAt ? Math.max(0, dueAt.getTime() - timestamp) : 0
    // The page marks a job that has a priority, so the usual one is none.
    const priority = view.priority === contract.priority ? 0 : view.priority
    super(queue, name, shownData(view, contract), { timestamp, delay, priority }, id)
    this.#column = column
    this.attemptsMade = view.attempts
    this.returnvalue = view.result
    this.stacktrace = []
    // A job that ended before it started is drawn as if it had started in 1970.
    const began = startedAt ?? finishedAt
    if (began) this.processedOn = began.getTime()
    if (finishedAt) this.finishedOn = finishedAt.getTime()
    const fault = view.error?.message ?? view.reason
    if (column !== 'completed' && fault !== null) this.failedReason = fault
  }

  override async getState(): Promise<BoardColumn> {
    return this.#column
  }
}

/** Ids and facts; whatever is marked or named as personal data stays out, also in a payload its contract has refused. */
function shownData(
  { id, state, tenant, entity, payload, acceptedAt, reason, result, error }: BoardView,
  contract: JobContract,
): object {
  return {
    id,
    state,
    tenant,
    entity,
    payload: redactPayload(contract.payload, payload),
    accepted_at: acceptedAt.toISOString(),
    story: `/admin/story/job/${id}`,
    ...(result === null ? {} : { result }),
    ...(reason === null ? {} : { reason }),
    ...(error === null ? {} : { error }),
  }
}
