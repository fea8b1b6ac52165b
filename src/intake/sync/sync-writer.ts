import type { Knex } from 'knex'
import type { SyncProgress, TakenSync } from '../../mirror/sync/syncs.ts'
import { Problem } from '../http/problem.ts'
import type { Line } from '../lines/json-lines.ts'
import { blankLine, lineTooLong } from '../lines/line-faults.ts'
import { writesInTurn } from '../lines/write-in-turn.ts'
import type { EarlyEnd } from './early-end.ts'
import { lineTrail, syncDiffers } from './line-trail.ts'
import { readEntity } from './read-entity.ts'
import type { ProgressTeller } from './tell-progress.ts'
import { type ReadLine, writeBatch } from './write-batch.ts'

export const maxLineBytes = 65_536
const bounds = { maxItems: 500, maxBytes: 1_048_576 } as const

/** A batch that is written, and one that is gathered. */
export const heldBytesOfWriter = 2 * (bounds.maxBytes + maxLineBytes)

/** Takes the lines of a sync in, one after the other. */
export interface SyncWriter {
  /** Throws sync-differs when the lines that were committed before are others. */
  readonly take: (line: Line) => void
  /** Writes what it was given, unless it is at it. */
  readonly begin: () => void
  readonly isFull: () => boolean
  readonly untilRoom: () => Promise<void>
  /** Writes what is left. `isWhole`: these were all lines there are. Throws sync-differs. */
  readonly finish: (how: { readonly isWhole: boolean }) => Promise<void>
  /** What is committed. */
  readonly progress: () => SyncProgress
  /** The last line it was given. */
  readonly lastLine: () => number
}

export function syncWriter(
  knex: Knex,
  { hold, progress: before }: TakenSync,
  { end, teller, instance }: { readonly end: EarlyEnd; readonly teller: ProgressTeller; readonly instance: string },
): SyncWriter {
  const trail = lineTrail(before)
  let progress = before
  let isBroken = false

  async function write(lines: readonly ReadLine[]): Promise<void> {
    // What follows a batch that was not committed must not be either: what is committed has no gaps.
    if (isBroken) return
    try {
      const written = await writeBatch(knex, { hold, before: progress, lines, reached: trail.reached(), instance })
      progress = written.progress
      await teller.tell(progress, written.bad)
    } catch (error) {
      isBroken = true
      end.stop(error)
    }
  }
  const writes = writesInTurn(write, bounds)

  return {
    ...writes,
    take(line) {
      const { number, bytes } = line
      if (trail.passes(line) || (bytes !== undefined && blankLine(bytes))) return
      writes.add({ number, read: readLine(bytes) }, bytes?.length ?? 0)
    },
    async finish({ isWhole }) {
      await writes.finish()
      const { lines } = trail.reached()
      if (!isWhole || isBroken) return
      if (lines < before.lines) throw syncDiffers(before.lines)
      // Blank lines behind the last entity count too.
      if (lines > progress.lines) await write([])
    },
    progress: () => progress,
    lastLine: () => trail.reached().lines,
  }
}

function readLine(bytes: Buffer | undefined): ReadLine['read'] {
  try {
    return bytes === undefined ? lineTooLong(maxLineBytes) : readEntity(bytes)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}
