import type { AttemptMoment, EventMoment, OutcomeMoment, StoryMoment } from '../../ledger/story.ts'
import { effectLook, type Look, lookOf } from './story-look.ts'
import { heightOf, type Row } from './story-rows.ts'

export interface Bar {
  readonly from: number
  readonly to: number
  readonly look: Look
}

/** A sign on a track: something ended, or became unknown. */
export interface Seal {
  readonly y: number
  readonly look: Look
}

/** The vertical line of one job or effect. Heights are CSS pixels, columns count from the lane's edge. */
export interface Track {
  readonly id: string
  readonly column: number
  readonly from: number
  readonly to: number
  readonly bars: readonly Bar[]
  readonly seals: readonly Seal[]
}

export interface JobTrack extends Track {
  /** The column it branched off, at its first height; null for a job nobody of this story made. */
  readonly parentColumn: number | null
}

export interface EffectTrack extends Track {
  readonly jobId: string
  /** Heights at which the provider was asked. */
  readonly asked: readonly number[]
}

const shortestBar = 12
const columnGap = 6

export function jobTracks(moments: readonly StoryMoment[], rows: readonly Row[], bottom: number): JobTrack[] {
  const tracks = new Map<string, JobTrack>()
  const rowOf = rowFinder(rows)
  for (const accepted of moments.filter(moment => moment.kind === 'accepted')) {
    const own = moments.filter(moment => moment.lane === 'jobs' && moment.jobId === accepted.jobId)
    const runs = own.filter(moment => moment.kind === 'attempt' || moment.kind === 'outcome')
    const bars = runs.map(run => barOf(run, rows, rowOf(run), bottom))
    const from = rowOf(accepted)
    const ended = runs.some(({ kind }) => kind === 'outcome')
    const to = ended ? Math.max(from, ...bars.map(bar => bar.to)) : bottom
    const parent = accepted.parentId === null ? undefined : tracks.get(accepted.parentId)
    const column = freeColumn([...tracks.values()], from, to, (parent?.column ?? -1) + 1)
    const seals = runs.flatMap(run => sealOf(run, rowOf))
    const parentColumn = parent?.column ?? null
    tracks.set(accepted.jobId, { id: accepted.jobId, column, from, to, bars, seals, parentColumn })
  }
  return [...tracks.values()]
}

function barOf(run: AttemptMoment | OutcomeMoment, rows: readonly Row[], row: number, bottom: number): Bar {
  if (run.kind === 'attempt' && run.ending === null) return { from: row, to: bottom, look: 'going' }
  const look = lookOf(run) ?? 'still'
  const start = run.startedMs === null ? row : heightOf(rows, run.startedMs)
  return { from: Math.min(start, row - shortestBar), to: row, look }
}

export function effectTracks(moments: readonly StoryMoment[], rows: readonly Row[], bottom: number): EffectTrack[] {
  const tracks: EffectTrack[] = []
  const rowOf = rowFinder(rows)
  const effects = Map.groupBy(
    moments.filter(moment => moment.lane === 'effects'),
    ({ effectId }) => effectId,
  )
  for (const [id, steps] of effects) {
    const heights = steps.map(step => (step.kind === 'reserved' ? heightOf(rows, step.atMs) : rowOf(step)))
    const from = Math.min(...heights)
    const last = steps.at(-1)
    if (!last) continue
    const isOpen = !steps.some(({ kind }) => kind === 'settled')
    const to = isOpen ? bottom : Math.max(...heights)
    const asked = steps.filter(({ kind }) => kind === 'sent').map(rowOf)
    const bars = asked.map(height => ({ from: height, to, look: effectLook(last) }))
    const seals = steps.flatMap(step => sealOf(step, rowOf))
    const column = freeColumn(tracks, from, to, 0)
    tracks.push({ id, jobId: last.jobId, column, from, to, bars, seals, asked })
  }
  return tracks
}

function sealOf(moment: StoryMoment, rowOf: (moment: StoryMoment) => number): Seal[] {
  const look = lookOf(moment)
  return look === null ? [] : [{ y: rowOf(moment), look }]
}

/** The job an event started, if it is in the picture: an arrow leads from one to the other. */
export function startedBy(moments: readonly StoryMoment[], { jobId }: EventMoment): string | undefined {
  return moments.some(moment => moment.kind === 'accepted' && moment.jobId === jobId) ? (jobId ?? undefined) : undefined
}

function rowFinder(rows: readonly Row[]): (moment: StoryMoment) => number {
  const heights = new Map(rows.map(row => [row.moment, row.y]))
  return moment => heights.get(moment) ?? heightOf(rows, moment.atMs)
}

/** The leftmost column from `first` that nothing else uses between these heights. */
function freeColumn(taken: readonly Track[], from: number, to: number, first: number): number {
  for (let column = first; ; column += 1) {
    const isFree = taken.every(
      track => track.column !== column || track.to + columnGap < from || to + columnGap < track.from,
    )
    if (isFree) return column
  }
}
