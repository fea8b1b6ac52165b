import type { Request, Response } from 'express'
import { findJobStatus, type JobStatus } from '../../ledger/status.ts'
import { shownJobOf } from '../http/show-job-status.ts'
import type { Intake } from '../intake.ts'
import { hasEnded } from './job-events.ts'
import type { JobWatch } from './job-watch.ts'

const maxWaitSeconds = 30

/**
 * How long a caller would wait for the job to end: `Prefer: wait=N` (RFC 7240, 4.3), at most {@link maxWaitSeconds}.
 * Undefined when it does not say, or not in a way that can be read: preferences are no demands.
 */
export function waitSecondsOf(request: Request): number | undefined {
  const preferences = request.headers['prefer']
  if (preferences === undefined) return undefined
  for (const preference of String(preferences).split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?([0-9]{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? []
    if (seconds !== undefined && Number(seconds) > 0) return Math.min(Number(seconds), maxWaitSeconds)
  }
  return undefined
}

/**
 * Answers 200 with the job if it ends in time; false when it does not, and then nothing is answered yet. Says in
 * Preference-Applied how long was waited; a process that has no room, or stops, does not wait. Never throws: the job is
 * committed, and that is to be answered.
 */
export async function answerWhenEnded(
  { run, log, watch, stopping }: Pick<Intake, 'run' | 'log' | 'watch' | 'stopping'>,
  response: Response,
  { id, tenant, waitSeconds }: { readonly id: string; readonly tenant: string; readonly waitSeconds: number },
): Promise<boolean> {
  if (!watch.hasRoom() || stopping.aborted || response.destroyed) return false
  const over = new AbortController()
  const giveUp = () => over.abort()
  response.once('close', giveUp)
  stopping.addEventListener('abort', giveUp, { once: true })
  const timer = setTimeout(giveUp, waitSeconds * 1_000)
  async function shown(): Promise<JobStatus | undefined> {
    return await findJobStatus(run, id, tenant).catch((error: unknown) => {
      log.warn({ err: error }, 'a job that ended in time could not be shown')
      return undefined
    })
  }
  try {
    const isOver = await endOf(watch, id, over.signal)
    response.setHeader('Preference-Applied', `wait=${waitSeconds}`)
    const job = isOver && !response.destroyed ? await shown() : undefined
    if (job === undefined) return false
    response.status(200).location(`/v1/jobs/${id}`).json(shownJobOf(job))
    return true
  } finally {
    clearTimeout(timer)
    stopping.removeEventListener('abort', giveUp)
    response.off('close', giveUp)
  }
}

/** Whether the job ended before `over`. */
async function endOf(watch: JobWatch, id: string, over: AbortSignal): Promise<boolean> {
  if (over.aborted) return false
  return await new Promise<boolean>(resolve => {
    const leave = watch.follow(id, view => {
      if (hasEnded(view) || view.state === 'gone') end(hasEnded(view))
    })
    const giveUp = () => end(false)
    function end(isOver: boolean): void {
      leave()
      over.removeEventListener('abort', giveUp)
      resolve(isOver)
    }
    over.addEventListener('abort', giveUp)
  })
}
