import type { InboxEntry, MadeJob } from '../../db/inbox-event.ts'
import { instant } from '../../ledger/instant.ts'
import { type Html, html, nothing } from './html.ts'
import { inboxPath } from './inbox-path.ts'
import { page, type Visitor } from './layout.ts'
import { stateMark } from './state-mark.ts'
import { storyPath } from './story-path.ts'

/** One event: how it stands and why, what it holds (its body is already masked), what was made of it. */
export function inboxEventPage(
  entry: InboxEntry,
  { visitor, mayReplay }: { readonly visitor: Visitor; readonly mayReplay: boolean },
): string {
  const { type, entity, reason, state, replays } = entry
  const about = entity === null ? '–' : html`<a href="${storyPath(entity)}">${entity}</a>`
  const facts: readonly (readonly [string, Html | string])[] = [
    ['State', html`${stateMark(state)}${reason === null ? '' : ` ${reason}`}`],
    ['About', about],
    ['Source', `${entry.source}, signed: ${entry.scheme}`],
    ['Event id', html`<code>${entry.event_id}</code>`],
    ['Received', html`<time datetime="${entry.received_at}">${instant(entry.received_at)}</time>`],
    ['Replays', String(replays)],
  ]
  const body = html`<div class="heading"><h1>${type}</h1>${mayReplay && state !== 'waiting' ? replayButton(entry.id, visitor) : nothing}</div>
<section class="panel"><dl class="facts-list">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>
<section class="panel"><h2>Jobs</h2>${entry.jobs.length === 0 ? html`<p class="soft">None was made, or none is kept any more.</p>` : jobs(entry.jobs)}</section>
<section class="panel"><h2>Body</h2><p class="soft">Without personal data, and without the values of fields that are not known here.</p>
<pre>${JSON.stringify(entry.body, null, 2)}</pre></section>`
  return page({ title: `${type} in the inbox`, body, visitor })
}

function replayButton(id: string, { csrf }: Visitor): Html {
  return html`<form method="post" action="${inboxPath(id)}/replay"><input type="hidden" name="form_token" value="${csrf}">
<button class="primary" title="A new job reacts to it. What was done is not done twice.">Replay</button></form>`
}

function jobs(made: readonly MadeJob[]): Html {
  return html`<div class="wide"><table class="audit"><thead><tr><th>Accepted</th><th>Job</th><th>State</th><th>About</th><th></th></tr></thead>
<tbody>${made.map(rowOf)}</tbody></table></div>`
}

function rowOf({ id, name, state, entity, accepted_at, parent_id }: MadeJob): Html {
  return html`<tr><td><time datetime="${accepted_at}">${instant(accepted_at)}</time></td><td>${parent_id === null ? '' : '↳ '}${name}</td>
<td>${stateMark(state)}</td><td>${entity ?? '–'}</td><td><a href="/admin/story/job/${id}">story</a></td></tr>`
}
