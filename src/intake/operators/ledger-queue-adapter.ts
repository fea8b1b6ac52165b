import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { QueueJobJson } from '@bull-board/api/typings/app'
import type { Job } from 'bullmq'
import type { JobContract } from '../../../queues/define-job.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { CopyQueue } from '../../queue/backend.ts'
import { ledgerViews, referenceIn } from './ledger-view.ts'

type JobStatuses = Parameters<BullMQAdapter['getJobs']>[0]

/**
 * Shows one job type's queue with the ledger's knowledge of each job, because the copies in the queue carry ids only.
 * Read-only: the board's own buttons act on BullMQ behind the ledger's back.
 */
export class LedgerQueueAdapter extends BullMQAdapter {
  readonly #run: RunStatement

  constructor(queue: CopyQueue, contract: JobContract, run: RunStatement) {
    super(queue, { readOnlyMode: true, description: contract.about, delimiter: '.', externalJobUrl: storyLink })
    this.#run = run
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const job = await super.getJob(id)
    if (job) await this.#showLedger([job])
    return job
  }

  override async getJobs(statuses: JobStatuses, start?: number, end?: number): Promise<Job[]> {
    const jobs = await super.getJobs(statuses, start, end)
    await this.#showLedger(jobs)
    return jobs
  }

  async #showLedger(jobs: readonly Job[]): Promise<void> {
    const copies = jobs.map(job => ({ job, copy: referenceIn(job.data) }))
    const views = await ledgerViews(this.#run, [...new Set(copies.flatMap(({ copy }) => copy?.id ?? []))])
    for (const { job, copy } of copies) {
      const view = copy && views.get(copy.id)
      // These objects are the board's own, read for this one answer: nothing here reaches the queue.
      job.data = view ? { ...view, run: copy.run } : { ...copy, ledger: 'the ledger has no such job (any more)' }
      if (view) job.attemptsMade = view.attempts
    }
  }
}

function storyLink({ data }: QueueJobJson): { displayText: string; href: string } {
  const copy = referenceIn(data)
  return { displayText: 'Story', href: copy ? `/admin/story/job/${copy.id}` : '/admin' }
}
