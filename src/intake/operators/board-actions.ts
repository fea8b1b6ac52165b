import type { Knex } from 'knex'
import type { Catalog } from '../../../queues/catalog.ts'
import type { JobContract } from '../../../queues/define-job.ts'
import type { Config } from '../../config/load.ts'
import type { RunStatement } from '../../db/statement.ts'
import { scheduleKey } from '../../domain/schedules/definition.ts'
import { cancelJob } from '../../ledger/cancel.ts'
import { promoteJob } from '../../ledger/promote.ts'
import { maxRetriesPerCall, type RetryAnswer, retryableOf, retryEnded } from '../../ledger/retry-ended.ts'
import { runScheduleNow } from '../../ledger/schedules/operate.ts'
import { ScheduleRefused } from '../../ledger/schedules/schedule-refused.ts'
import { listSchedules } from '../../ledger/schedules/show-schedules.ts'
import { pauseQueue, resumeQueue } from '../../ledger/settings.ts'
import { InvalidPayload } from '../../ledger/new-job.ts'
import { BoardRefusal } from './board-refusal.ts'
import { type BoardView, boardViews, jobIdIn } from './board-view.ts'

/** What an action works with: one request of one person, in one transaction that its audit entry shares. */
export interface ActionCall {
  readonly tx: Knex.Transaction
  /** Statements of that transaction. */
  readonly run: RunStatement
  readonly config: Config
  readonly catalog: Catalog
  readonly who: string
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
}

/** What an action did. */
export interface Done {
  /** Answered in the shape of the board's own handlers: a job, or the body. */
  readonly job?: BoardView
  readonly body?: Readonly<Record<string, unknown>>
  readonly status?: 202
  /** For the audit log. */
  readonly detail: Readonly<Record<string, unknown>>
}

export type Action = (call: ActionCall) => Promise<Done>

const pausedHere = 'paused in Bull Board'
/** Shown to callers of the API too, so it names nobody: the audit log does. */
const cancelledHere = 'cancelled by an operator'

const retryRefusals: Readonly<Record<Exclude<RetryAnswer, 'retried'>, string>> = {
  open: 'It has not ended: it goes on by itself.',
  completed: 'It has completed: there is nothing to repeat.',
  skipped: 'It was skipped because there was nothing to do.',
  expired: 'Its time is over: it would only end as expired. Make a new job if it is still wanted.',
  'unknown-job': 'The ledger has no such job (any more).',
}

/** A job that failed, was cancelled or quarantined begins anew. */
export const retryJob: Action = async call => {
  const { id } = await jobOf(call)
  const answer = (await retryEnded(call.run, [id])).get(id) ?? 'unknown-job'
  if (answer !== 'retried') throw new BoardRefusal(409, 'Not retried', retryRefusals[answer])
  return { detail: {} }
}

/** At most a thousand of the queue's failed jobs begin anew, the oldest first. */
export const retryFailed: Action = async call => {
  const { name } = queueOf(call)
  if (call.params['queueStatus'] !== 'failed') {
    throw new BoardRefusal(403, 'Not retried', 'Only failed jobs are retried: what has completed is not repeated.')
  }
  const ids = await retryableOf(call.run, name, maxRetriesPerCall + 1)
  const answers = await retryEnded(call.run, ids.slice(0, maxRetriesPerCall))
  const retried = [...answers.values()].filter(answer => answer === 'retried').length
  const skipped = ids.length - retried
  return { body: { retried, skipped }, detail: { retried, more: ids.length > maxRetriesPerCall } }
}

/** A job that waits for its time, or for its next attempt, is due now. */
export const promote: Action = async call => {
  const { id, state } = await jobOf(call)
  if (await promoteJob(call.run, id)) return { detail: {} }
  throw new BoardRefusal(409, 'Not promoted', `It does not wait for its time: it is ${state}.`)
}

/** Bull Board calls it clean: the job is cancelled, and stays in the ledger as such. */
export const cancel: Action = async call => {
  const { id } = await jobOf(call)
  const answer = await cancelJob(call.run, id, { reason: cancelledHere })
  if (answer === 'cancelled') return { detail: {} }
  if (answer === 'cancel-requested') return { status: 202, detail: { requested: true } }
  throw new BoardRefusal(409, 'Not cancelled', `It had ended before: it is ${answer}. The ledger keeps it.`)
}

/** What waits in a paused queue goes back to the ledger, so a queue that alone keeps its jobs is never paused. */
export const pause: Action = async call => {
  const { name, durability } = queueOf(call)
  if (durability === 'queue') throw new BoardRefusal(403, 'Not paused', `Only the queue keeps the jobs of ${name}.`)
  await pauseQueue(call.run, name, call.who, pausedHere)
  return { detail: {} }
}

export const resume: Action = async call => {
  return { detail: { was_paused: await resumeQueue(call.run, queueOf(call).name) } }
}

export const pauseAll: Action = async ({ run, catalog, who }) => {
  const names = [...catalog.values()].filter(({ durability }) => durability === 'ledger').map(({ name }) => name)
  for (const name of names) await pauseQueue(run, name, who, pausedHere)
  return { detail: { queues: names.length } }
}

export const resumeAll: Action = async ({ run, catalog }) => {
  const resumed: string[] = []
  for (const name of catalog.keys()) if (await resumeQueue(run, name)) resumed.push(name)
  return { detail: { resumed } }
}

/** A slot of this moment, made by hand. */
export const runSchedule: Action = async call => {
  const { name } = queueOf(call)
  const key = call.params['schedulerId'] ?? ''
  const gone = new BoardRefusal(404, 'No such schedule', `${name} has no schedule of this key.`)
  if (!scheduleKey.safeParse(key).success) throw gone
  const [schedule] = await listSchedules(call.run, { key })
  if (schedule?.job !== name) throw gone
  try {
    const id = await runScheduleNow(call.tx, call.catalog, key, call.who)
    const [job] = id === undefined ? [] : await boardViews(call.run, name, [id])
    if (!job) throw gone
    return { job, detail: { job: job.id } }
  } catch (error) {
    if (!(error instanceof ScheduleRefused) && !(error instanceof InvalidPayload)) throw error
    throw new BoardRefusal(409, 'Not run', error.message)
  }
}

/** The contract behind a queue in an address. */
export function queueOf({ catalog, params }: ActionCall): JobContract {
  const contract = catalog.get(params['queueName'] ?? '')
  if (!contract) throw new BoardRefusal(404, 'No such queue', 'There is no job type of this name.')
  return contract
}

async function jobOf(call: ActionCall): Promise<BoardView> {
  const id = jobIdIn(call.params['jobId'])
  const [job] = id === undefined ? [] : await boardViews(call.run, queueOf(call).name, [id])
  if (!job) throw new BoardRefusal(404, 'No such job', retryRefusals['unknown-job'])
  return job
}
