import type { Explained } from '../../ledger/why/explain.ts'
import { type Html, html, nothing } from './html.ts'
import { page, type Visitor } from './layout.ts'

/** Why a person was, or was not, told: one paragraph for each channel of the newest notifications. */
export function personPage(person: string, explained: readonly Explained[], visitor: Visitor): string {
  const body = html`<h1>What was told to ${person}</h1>
<p class="soft">The newest notifications to this person, channel by channel: sent or not, and why.</p>
${explained.map(one)}`
  return page({ title: person, body, visitor })
}

function one({ what, state, job_id, why }: Explained): Html {
  const story = job_id === null ? nothing : html`<p><a href="/admin/story/job/${job_id}">Story</a></p>`
  return html`<section class="panel"><h2>${what}: ${state}</h2>${why.map(line => html`<p>${line}</p>`)}${story}</section>`
}
