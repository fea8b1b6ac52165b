import type { JobLogLine } from '../../ledger/job-log.ts'
import type { Lane, StoryMoment } from '../../ledger/story.ts'
import { durationWords } from '../../ledger/duration-words.ts'
import { summaryOf } from '../../ledger/story-summary.ts'
import { joined } from '../../ledger/story-words.ts'
import { type Html, html, nothing } from './html.ts'
import { page, type Visitor } from './layout.ts'
import { drawStory, seal } from './story-drawing.ts'
import { storyLog } from './story-log.ts'
import { type Row, rowsOf } from './story-rows.ts'
import { maxColumns } from './story-style.ts'
import { type Look, lookOf } from './story-look.ts'

const heads: readonly (readonly [Lane, string, string])[] = [
  ['event', 'Events', 'what came in, what was decided'],
  ['jobs', 'Jobs', 'one bar per attempt, children branch off'],
  ['effects', 'Effects', 'what the outside world was asked to do'],
]

const legend: readonly (readonly [Look, string])[] = [
  ['good', 'done, accepted'],
  ['again', 'failed, tried again'],
  ['bad', 'crashed, failed, refused'],
  ['held', 'parked, waiting, not known'],
  ['still', 'skipped, cancelled'],
  ['going', 'going on now'],
]

/** The picture of the product: everything that happened to one entity, on one time axis. */
export function storyPage(
  entity: string,
  moments: readonly StoryMoment[],
  said: readonly JobLogLine[],
  visitor: Visitor,
): string {
  const rows = rowsOf(moments)
  const { svg, columns } = drawStory(moments, rows)
  const body = html`<section><h1>Story of ${entity}</h1>
<p class="summary">${summaryOf(entity, moments)}</p>
<p class="facts">${facts(moments)}</p></section>
<section class="panel scroll"><div class="picture">
${heads.map(([lane, title, about]) => html`<div class="lane ${lane}"><b>${title}</b><span>${about}</span></div>`)}
${svg}
<ol class="rows">${rows.map(row => rowOf(row, columns))}</ol>
</div></section>
${storyLog(said, moments)}<ul class="legend" aria-label="Signs">${legend.map(([look, word]) => html`<li><svg viewBox="-9 -9 18 18" aria-hidden="true">${seal(0, 0, look)}</svg>${word}</li>`)}</ul>`
  return page({ title: `Story of ${entity}`, body, visitor })
}

function rowOf(row: Row, columns: Readonly<Record<Lane, number>>): Html {
  const { moment, size, time, title, note, line, id } = row
  if (moment === null) return html`<li class="row gap"><div class="say">${title}</div></li>`
  const classes = `row ${size} ${moment.lane} c${Math.min(columns[moment.lane], maxColumns)} t-${lookOf(moment) ?? 'plain'}`
  const iso = new Date(moment.atMs).toISOString()
  return html`<li class="${classes}"><time datetime="${iso}" title="${iso}">${time}</time>
<div class="say"><p title="${joined([title, note])}"><b>${title}</b>${note === '' ? nothing : html` <span>${note}</span>`}</p>${size === 'one' ? nothing : html`<small title="${joined([line, id])}">${line}${line && id ? ' · ' : ''}${id === '' ? nothing : html`<code>${shortId(id)}</code>`}</small>`}</div></li>`
}

function facts(moments: readonly StoryMoment[]): string {
  const [first, last] = [moments[0], moments.at(-1)]
  const count = (kind: StoryMoment['kind']) => moments.filter(moment => moment.kind === kind).length
  const span = first && last ? durationWords(last.atMs - first.atMs) : ''
  const began = first ? new Date(first.atMs).toISOString().replace('T', ' ').replace('Z', ' UTC') : ''
  const jobs = counted(count('accepted'), 'job')
  return `${jobs} · ${counted(count('reserved'), 'effect')} · ${span} from ${began}`
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

/** `projects/…/messages/0:7bd8` is told apart by its end; the whole is in the tooltip. */
function shortId(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
