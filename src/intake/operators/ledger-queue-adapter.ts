import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { AppJobScheduler, QueueJobJson } from '@bull-board/api/typings/app'
import type { Job } from 'bullmq'
import type { JobContract } from '../../../queues/define-job.ts'
import type { RunStatement } from '../../db/statement.ts'
import type { CopyQueue } from '../../queue/backend.ts'
import { jsonSchemaOf } from '../http/json-schema.ts'
import { attemptLines } from './attempt-lines.ts'
import { type BoardColumn, boardColumns, idsInColumn, type QueueStand } from './board-columns.ts'
import { boardSchedules, type ListQueueSchedules } from './board-schedules.ts'
import { boardViews, jobIdIn } from './board-view.ts'
import { LedgerJob } from './ledger-job.ts'

type JobStatuses = Parameters<BullMQAdapter['getJobs']>[0]
type JobCounts = Awaited<ReturnType<BullMQAdapter['getJobCounts']>>

/** What all queues of a board read together, so that a look at forty queues is one statement. */
export interface BoardReads {
  readonly run: RunStatement
  readonly standOf: (name: string) => Promise<QueueStand>
  readonly schedulesOf: ListQueueSchedules
}

const firstPage = { start: 0, end: 9 }
const maxJobsPerPage = 200
const none = { active: 0, waiting: 0, 'waiting-children': 0, completed: 0, failed: 0, delayed: 0 }

/**
 * One job type's queue as the ledger knows it: what waits in Postgres and what is in the queue are one list, a job is one
 * row however many copies it has had. Only which jobs completed last is asked of BullMQ, which keeps a thousand per queue.
 * Always read-only: the board's own handlers act behind the ledger's back, so none of them may (see board-changes.ts).
 */
export class LedgerQueueAdapter extends BullMQAdapter {
  readonly #queue: CopyQueue
  readonly #contract: JobContract
  readonly #reads: BoardReads

  constructor(queue: CopyQueue, contract: JobContract, reads: BoardReads) {
    super(queue, {
      readOnlyMode: true,
      description: contract.about,
      delimiter: '.',
      externalJobUrl: storyLink,
      ...(contract.open ? { jobDataSchema: jsonSchemaOf(contract.payload, 'input') } : {}),
    })
    this.#queue = queue
    this.#contract = contract
    this.#reads = reads
  }

  override async getJob(id: string): Promise<Job | undefined> {
    const jobId = jobIdIn(id)
    const [job] = jobId === undefined ? [] : await this.#jobs([jobId])
    return job
  }

  override async getJobs(
    statuses: JobStatuses,
    start: number = firstPage.start,
    end: number = firstPage.end,
  ): Promise<Job[]> {
    const pages = await Promise.all(
      boardColumns.filter(column => statuses.includes(column)).map(column => this.#page(column, start, end)),
    )
    return pages.flat()
  }

  async #page(column: BoardColumn, start: number, last: number): Promise<Job[]> {
    const { name } = this.#contract
    const end = Math.min(last, start + maxJobsPerPage - 1)
    if (column !== 'completed') {
      return await this.#jobs(await idsInColumn(this.#reads.run, name, column, { start, end }))
    }
    const copies = await this.#queue.getJobs(['completed'], start, end)
    const jobs = await this.#jobs([...new Set(copies.flatMap(copy => jobIdIn(copy?.data.id) ?? []))])
    // Copies also complete when they give their job back, or find it taken.
    const states = await Promise.all(jobs.map(job => job.getState()))
    return jobs.filter((_, index) => states[index] === 'completed')
  }

  async #jobs(ids: readonly string[]): Promise<Job[]> {
    const views = await boardViews(this.#reads.run, this.#contract.name, ids)
    return views.map(view => new LedgerJob(this.#queue, this.#contract, view))
  }

  override async getJobCounts(): Promise<JobCounts> {
    const { name } = this.#contract
    const [{ counts }, { completed = 0 }] = await Promise.all([
      this.#reads.standOf(name),
      this.#queue.getJobCounts('completed'),
    ])
    return { ...none, ...counts, completed }
  }

  override getJobStatuses(): ReturnType<BullMQAdapter['getJobStatuses']> {
    return [...boardColumns] as ReturnType<BullMQAdapter['getJobStatuses']>
  }

  override async getJobLogs(id: string): Promise<string[]> {
    const jobId = jobIdIn(id)
    return jobId === undefined ? [] : await attemptLines(this.#reads.run, jobId)
  }

  override async isPaused(): Promise<boolean> {
    return (await this.#reads.standOf(this.#contract.name)).isPaused
  }

  override async getGlobalConcurrency(): Promise<number | null> {
    const { concurrency } = await this.#reads.standOf(this.#contract.name)
    const { everywhere } = this.#contract.concurrency
    return concurrency ?? (everywhere === 'unlimited' ? null : everywhere)
  }

  /** Limits are the contract's and the ledger's; the board offers none to set. */
  override get supportsGlobalRateLimit(): boolean {
    return false
  }

  override async getJobSchedulers(): Promise<Omit<AppJobScheduler, 'queueName'>[]> {
    return boardSchedules(await this.#reads.schedulesOf(this.#contract.name))
  }

  override async getJobSchedulersCount(): Promise<number> {
    return (await this.#reads.standOf(this.#contract.name)).schedules
  }
}

function storyLink({ id }: QueueJobJson): { displayText: string; href: string } {
  return { displayText: 'Story', href: `/admin/story/job/${id}` }
}
