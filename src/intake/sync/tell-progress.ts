import type { Response } from 'express'
import type { BadLine, SyncProgress } from '../../mirror/sync/syncs.ts'
import { maxUnreadBytes } from '../lines/begin-lines.ts'

const everyMs = 1_000
const everyLines = 10_000

/** The answer to a sync, line by line while it goes on. */
export interface ProgressTeller {
  /** Says what is committed: each refused line, and now and then how far it is. Waits until most of it was read. */
  readonly tell: (progress: SyncProgress, bad: readonly BadLine[]) => Promise<void>
  readonly write: (line: object) => void
  /** The last line. */
  readonly end: (line: object) => void
}

export function tellProgress(response: Response): ProgressTeller {
  let toldMs = performance.now()
  let toldLines = 0

  return {
    async tell(progress, bad) {
      let text = bad.map(({ line, problem }) => lineOf({ line, status: 'refused', problem })).join('')
      if (performance.now() - toldMs >= everyMs || progress.lines - toldLines >= everyLines) {
        toldMs = performance.now()
        toldLines = progress.lines
        text += lineOf({ progress: shownProgress(progress) })
      }
      if (text !== '' && isOpen()) response.write(text)
      while (isOpen() && response.writableLength > maxUnreadBytes) await drainedOrGone(response)
    },
    write(line) {
      if (isOpen()) response.write(lineOf(line))
    },
    end(line) {
      if (isOpen()) response.end(lineOf(line))
    },
  }

  function isOpen(): boolean {
    return !response.destroyed && !response.writableEnded
  }
}

/** How far a sync is, as it is answered. */
export function shownProgress({ lines, stored, unchanged, outdated, refused }: SyncProgress) {
  return { lines, stored, unchanged, outdated, refused }
}

function lineOf(line: object): string {
  return `${JSON.stringify(line)}\n`
}

async function drainedOrGone(response: Response): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  response.once('drain', wake).once('close', wake)
  await promise
  response.off('drain', wake).off('close', wake)
}
