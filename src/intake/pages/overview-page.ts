import { type Html, html, nothing } from './html.ts'
import { page, type Visitor } from './layout.ts'
import { storyPath } from './story-path.ts'

export interface StateCount {
  readonly state: string
  readonly jobs: number
}

export interface Overview {
  readonly counts: readonly StateCount[]
  /** A count this high may be higher. */
  readonly maxCounted: number
  readonly recentHours: number
  /** Entities something happened to lately, newest first. */
  readonly stories: readonly string[]
  readonly outboxUrl: string | null
  readonly visitor: Visitor
}

/** The first page after signing in. */
export function overviewPage({ counts, maxCounted, recentHours, stories, outboxUrl, visitor }: Overview): string {
  const tiles = counts.map(
    ({ state, jobs }) =>
      html`<li class="tile s-${state}${jobs === 0 ? ' none' : ''}"><b>${jobs.toLocaleString('en')}${jobs >= maxCounted ? '+' : ''}</b><span>${state}</span></li>`,
  )
  const body = html`<h1>Overview</h1>
<p class="soft">Open jobs as they stand now; ended ones of those accepted in the last ${recentHours} hours.</p>
<ul class="tiles" aria-label="Jobs by state">${tiles}</ul>
<section class="panel"><h2>Find a story</h2>
<form class="search" action="/admin/story"><input name="of" aria-label="Entity or job id" placeholder="booking:42, user:7, or a job id" required><button class="primary">Show</button></form>
${stories.length === 0 ? html`<p class="soft after">No job has been about anything yet.</p>` : newest(stories)}</section>
<section class="panel"><h2>Look further</h2><ul class="links">
<li><a href="/admin/queues">Bull Board</a><span>every queue, with what the ledger knows of each job</span></li>
<li><a href="/admin/inbox">Inbox</a><span>what the webhooks received, and what became of it</span></li>
<li><a href="/docs">API docs</a><span>routes, payloads and errors</span></li>
${outboxUrl === null ? nothing : html`<li><a href="${outboxUrl}">Outbox</a><span>what the sandbox’s providers were sent</span></li>`}
</ul></section>`
  return page({ title: 'Overview', body, visitor })
}

function newest(stories: readonly string[]): Html {
  return html`<p class="after soft">Newest: ${stories.map(entity => html`<a class="chip" href="${storyPath(entity)}">${entity}</a>`)}</p>`
}
