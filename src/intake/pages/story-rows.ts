import { durationWords } from '../../ledger/duration-words.ts'
import type { StoryMoment } from '../../ledger/story.ts'
import { joined, namesIn, wordsOf } from '../../ledger/story-words.ts'
import { geometry, type RowSize } from './story-geometry.ts'

/** One line of the picture, from top to bottom: a moment, or a stretch of time in which nothing happened. */
export interface Row {
  readonly moment: StoryMoment | null
  readonly size: RowSize
  /** Its middle, in CSS pixels from the top of the picture. */
  readonly y: number
  readonly atMs: number
  /** `+12 ms` since the first moment; empty where it would repeat the row above. */
  readonly time: string
  readonly title: string
  /** Beside the title. */
  readonly note: string
  /** Below the title. */
  readonly line: string
  /** An outside system's id, below the title. */
  readonly id: string
}

/** Longer silences are cut out of the axis and said in words. */
const silenceMs = 1_000
/** Room for words in a lane with a usual number of tracks, and what a letter of title and note takes on average. */
const roomPx = { event: 215, jobs: 320, effects: 290 } as const
const titleLetterPx = 8.8
const noteLetterPx = 6.8

/** Lays the moments out in time order. An effect's reservation is drawn as the start of its track, without a row. */
export function rowsOf(moments: readonly StoryMoment[]): Row[] {
  const told = moments.filter(({ kind }) => kind !== 'reserved')
  const nameOf = namesIn(moments)
  const startMs = told[0]?.atMs ?? 0
  const rows: Row[] = []
  let bottom: number = geometry.headHeight
  let lastMs = startMs
  let lastTime = ''

  const place = (row: Omit<Row, 'y'>): void => {
    const height = geometry.rowHeight[row.size]
    rows.push({ ...row, y: bottom + height / 2 })
    bottom += height
  }
  for (const moment of told) {
    const silence = moment.atMs - lastMs
    if (silence > silenceMs) {
      const title = `${durationWords(silence)} later`
      place({ moment: null, size: 'gap', atMs: lastMs + silence / 2, time: '', title, note: '', line: '', id: '' })
    }
    const time = `+${durationWords(moment.atMs - startMs)}`
    const { title, detail, more = '', id = '' } = wordsOf(moment, nameOf)
    const fits = title.length * titleLetterPx + detail.length * noteLetterPx < roomPx[moment.lane]
    const [note, line] = fits ? [detail, more] : ['', joined([detail, more])]
    const size = line === '' && id === '' ? 'one' : 'two'
    place({ moment, size, atMs: moment.atMs, time: time === lastTime ? '' : time, title, note, line, id })
    lastMs = moment.atMs
    lastTime = time
  }
  return rows
}

/** Where an instant lies in the picture: between the rows around it, in proportion to time. */
export function heightOf(rows: readonly Row[], atMs: number): number {
  const after = rows.findIndex(row => row.atMs > atMs)
  const below = rows[after === -1 ? rows.length - 1 : after]
  const above = rows[after === -1 ? rows.length - 1 : after - 1]
  if (!below || !above) return rows[0]?.y ?? 0
  if (above === below) return above.y
  return above.y + ((below.y - above.y) * (atMs - above.atMs)) / (below.atMs - above.atMs)
}
