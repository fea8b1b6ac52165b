import type { Lane, StoryMoment } from '../../ledger/story.ts'
import { type Html, html } from './html.ts'
import { geometry } from './story-geometry.ts'
import type { Look } from './story-look.ts'
import type { Row } from './story-rows.ts'
import { type EffectTrack, effectTracks, type JobTrack, jobTracks, startedBy } from './story-tracks.ts'

const { axisX, lanes, inset, step, maxTracksWidth } = geometry
const barWidth = 10
const eventX = lanes.event.x + inset

/** The lines and bars behind the words, and where each lane's words may begin. */
export interface Drawing {
  readonly svg: Html
  readonly columns: Readonly<Record<Lane, number>>
}

export function drawStory(moments: readonly StoryMoment[], rows: readonly Row[]): Drawing {
  const last = rows.at(-1)
  const height = (last?.y ?? 0) + geometry.rowHeight.two
  const bottom = height - 12
  const jobs = jobTracks(moments, rows, bottom)
  const effects = effectTracks(moments, rows, bottom)
  const columns = { event: 1, jobs: columnsOf(jobs), effects: columnsOf(effects) }
  const x = {
    jobs: (column: number) => lanes.jobs.x + inset + column * stepOf(columns.jobs),
    effects: (column: number) => lanes.effects.x + inset + column * stepOf(columns.effects),
  }
  const jobById = new Map(jobs.map(job => [job.id, job]))

  const links = [
    ...rows.flatMap(({ moment, y }) => {
      const job = moment?.kind === 'event' ? jobById.get(startedBy(moments, moment) ?? '') : undefined
      return job ? [arrow(eventX, y, x.jobs(job.column), job.from)] : []
    }),
    ...jobs.flatMap(job => branch(job, x.jobs)),
    ...effects.flatMap(effect => {
      const job = jobById.get(effect.jobId)
      return job ? effect.asked.map(y => call(x.jobs(job.column), x.effects(effect.column), y)) : []
    }),
  ]
  const svg = html`<svg class="drawing" width="${geometry.width}" height="${height}" aria-hidden="true">
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path class="tip" d="M0 0 8 4 0 8Z"/></marker></defs>
${axis(rows, bottom)}${links}${jobs.map(job => track(job, x.jobs(job.column)))}${effects.map(effect => track(effect, x.effects(effect.column)))}
${jobs.flatMap(job => jobBars(job, x.jobs(job.column)))}${effects.flatMap(effect => effectBars(effect, x.effects(effect.column)))}${events(rows)}</svg>`
  return { svg, columns }
}

function columnsOf(tracks: readonly { column: number }[]): number {
  return Math.max(0, ...tracks.map(({ column }) => column)) + 1
}

function stepOf(columns: number): number {
  return columns > 1 ? Math.min(step, maxTracksWidth / (columns - 1)) : step
}

function axis(rows: readonly Row[], bottom: number): Html {
  const top = rows[0]?.y ?? 0
  const parts = rows.map(({ moment, y }) =>
    moment === null
      ? html`<path class="silence" d="M${axisX} ${y - 14}v28"/>`
      : html`<circle class="tick ${moment.lane}" cx="${axisX}" cy="${y}" r="3.5"/>`,
  )
  return html`<path class="axis" d="M${axisX} ${top}V${bottom}"/>${parts}`
}

function events(rows: readonly Row[]): Html[] {
  return rows.flatMap(({ moment, y }) => {
    if (moment?.lane !== 'event') return []
    return moment.kind === 'event'
      ? [html`<circle class="event" cx="${eventX}" cy="${y}" r="7"/>`]
      : [html`<path class="decision" d="M${eventX} ${y - 8}l8 8-8 8-8-8Z"/>`]
  })
}

/** From an event down and over to the job it started. */
function arrow(fromX: number, fromY: number, toX: number, toY: number): Html {
  const radius = Math.min(10, Math.abs(toY - fromY) / 2)
  return html`<path class="link" marker-end="url(#tip)" d="M${fromX} ${fromY}V${toY - radius}q0 ${radius} ${radius} ${radius}H${toX - 6}"/>`
}

function branch(job: JobTrack, x: (column: number) => number): Html[] {
  if (job.parentColumn === null) return []
  return [html`<path class="link" d="M${x(job.parentColumn)} ${job.from - 8}q0 8 8 8H${x(job.column)}"/>`]
}

function call(fromX: number, toX: number, y: number): Html {
  return html`<path class="call" marker-end="url(#tip)" d="M${fromX + barWidth / 2} ${y}H${toX - 7}"/>`
}

function track({ from, to }: JobTrack | EffectTrack, x: number): Html {
  return html`<path class="wait" d="M${x} ${from}V${to}"/><circle class="start" cx="${x}" cy="${from}" r="4"/>`
}

function jobBars({ bars, seals }: JobTrack, x: number): Html[] {
  const rects = bars.map(
    ({ from, to, look }) =>
      html`<rect class="bar ${look}" x="${x - barWidth / 2}" y="${from}" width="${barWidth}" height="${to - from}" rx="5"/>`,
  )
  return [...rects, ...seals.map(({ y, look }) => seal(x, y, look))]
}

function effectBars({ bars, seals }: EffectTrack, x: number): Html[] {
  const lines = bars.map(
    ({ from, to, look }) =>
      html`<path class="sent ${look}" d="M${x} ${from}V${to}"/><rect class="asked ${look}" x="${x - 5}" y="${from - 5}" width="10" height="10" rx="2"/>`,
  )
  return [...lines, ...seals.map(({ y, look }) => seal(x, y, look))]
}

const signs: Readonly<Record<Look, string>> = {
  good: 'M-3.5 .3-1 2.8 3.5-2.4',
  bad: 'M-2.7-2.7 2.7 2.7M2.7-2.7-2.7 2.7',
  again: 'M2.6-2.2A3.4 3.4 0 1 0 3.4.6M3-4.2V-1.6H.4',
  held: 'M-1.6-2.8V2.8M1.6-2.8V2.8',
  still: 'M-3 0H3',
  going: 'M-2-3 3 0-2 3Z',
}

/** How a bar ended, as a sign as well as a colour. */
export function seal(x: number, y: number, look: Look): Html {
  return html`<g transform="translate(${x} ${y})"><circle class="seal ${look}" r="7"/><path class="sign" d="${signs[look]}"/></g>`
}
