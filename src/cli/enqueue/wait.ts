import { setTimeout as delay } from 'node:timers/promises'
import type { JobStatus } from '../../ledger/status.ts'
import type { Invocation } from '../command.ts'
import { statusOf } from '../find-job.ts'

const lookEveryMs = 250

/** Waits until a job has ended, at most so long, or Ctrl-C. Answers it as it is then. */
export async function untilEnded(invocation: Invocation, id: string, withinMs: number): Promise<JobStatus> {
  const { terminal, database } = invocation
  const deadline = performance.now() + withinMs
  const { interrupted } = terminal
  for (;;) {
    const status = await statusOf(database(), id)
    if (status.finished_at !== null || interrupted.aborted || performance.now() > deadline) return status
    const { progress } = status
    const far = progress === null ? '' : `, ${progress.done} of ${progress.total}`
    terminal.progress(`${status.name} is ${status.state}${far}`)
    await delay(lookEveryMs, undefined, { signal: interrupted }).catch(() => {})
  }
}
