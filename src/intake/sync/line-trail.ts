import { createHash } from 'node:crypto'
import type { SyncProgress } from '../../mirror/sync/syncs.ts'
import { Problem } from '../http/problem.ts'
import type { Line } from '../lines/json-lines.ts'

/** Follows the lines of a stream, past those that were committed before. */
export interface LineTrail {
  /** True: the line is committed already. Throws sync-differs when the lines up to there are others than before. */
  readonly passes: (line: Line) => boolean
  /** The last line it was shown. */
  readonly reached: () => Pick<SyncProgress, 'lines' | 'linesSha256'>
}

export function lineTrail(before: Pick<SyncProgress, 'lines' | 'linesSha256'>): LineTrail {
  const hash = createHash('sha256')
  let lines = 0
  const sha256 = () => hash.copy().digest('hex')
  return {
    passes({ number, bytes }) {
      lines = number
      if (bytes !== undefined) hash.update(bytes)
      hash.update('\n')
      if (number === before.lines && sha256() !== before.linesSha256) throw syncDiffers(before.lines)
      return number <= before.lines
    },
    reached: () => ({ lines, linesSha256: sha256() }),
  }
}

/** What stood before the line we got to has changed since. */
export function syncDiffers(lines: number): Problem {
  const detail = `${lines} lines of this name were taken in before, and these are others: send restart=true to begin anew`
  return new Problem('sync-differs', { detail, lines })
}
