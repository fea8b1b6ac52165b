import { setTimeout as delay } from 'node:timers/promises'
import type { JobContract } from '../../queues/define-job.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { type JobProgress, writeJobProgress } from '../../src/ledger/job-progress.ts'
import { maskFor } from '../../src/observability/redact-payload.ts'
import type { Runtime } from './runtime.ts'

/** A job may report as often as it likes: its row is written this often at most, with the newest figures. */
const writeEveryMs = 1_000
const maxMessageChars = 200

/** Says how far the job is: `done` of `total`, in whatever it counts. Throws RangeError for what are no such figures. */
export type ReportProgress = (done: number, total: number, message?: string) => void

/** The progress of one attempt. */
export interface OpenProgress {
  readonly report: ReportProgress
  /** Nothing is written from here on. */
  close(): void
}

/** Opens the progress of an attempt. A report that cannot be stored is let go: the next one says more. */
export function openProgress(
  claim: Claim,
  { payload: schema }: JobContract,
  { run, log }: Pick<Runtime, 'run' | 'log'>,
): OpenProgress {
  const mask = maskFor(schema, claim.payload) ?? same
  let latest: JobProgress | undefined
  let isWriting = false
  let isOver = false

  function take(): JobProgress | undefined {
    const progress = isOver ? undefined : latest
    latest = undefined
    return progress
  }

  async function write(): Promise<void> {
    isWriting = true
    for (let progress = take(); progress !== undefined; progress = take()) {
      await writeJobProgress(run, claim, progress).catch((error: unknown) =>
        log.warn({ err: error, job: claim.name, id: claim.id }, 'job progress not stored'),
      )
      await delay(writeEveryMs, undefined, { ref: false })
    }
    isWriting = false
  }

  return {
    report(done, total, message) {
      if (!isFigure(done) || !isFigure(total)) throw new RangeError('progress is two numbers from 0: done and total')
      // What lives in the queue alone has no row to keep it.
      if (claim.token === 0) return
      latest = { done, total, ...(message === undefined ? {} : { message: textOf(mask(message)) }) }
      if (!isWriting) void write()
    },
    close() {
      isOver = true
    },
  }
}

function same(text: string): string {
  return text
}

function isFigure(value: number): boolean {
  return Number.isFinite(value) && value >= 0
}

function textOf(message: string): string {
  return message.replaceAll('\0', '').slice(0, maxMessageChars).toWellFormed()
}
