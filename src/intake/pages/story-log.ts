import type { JobLogLine } from '../../ledger/job-log.ts'
import type { StoryMoment } from '../../ledger/story.ts'
import { namesIn } from '../../ledger/story-words.ts'
import { type Html, html, nothing } from './html.ts'

/** What the jobs of a story have said while they ran, below its picture. */
export function storyLog(lines: readonly JobLogLine[], moments: readonly StoryMoment[]): Html {
  if (lines.length === 0) return nothing
  const nameOf = namesIn(moments)
  return html`<section class="panel scroll"><h2>What the jobs said</h2><table class="audit">
<thead><tr><th>time</th><th>job</th><th>line</th></tr></thead>
<tbody>${lines.map(({ jobId, at, level, message }) => html`<tr class="t-${looks[level]}"><td><time datetime="${at}">${at.slice(11, 23)}</time></td><td>${nameOf(jobId)}</td><td>${level === 'info' ? nothing : html`<b>${level}</b> `}${message}</td></tr>`)}</tbody></table></section>`
}

const looks = { info: 'plain', warn: 'again', error: 'bad' } as const
