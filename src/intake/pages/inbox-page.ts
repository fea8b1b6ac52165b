import { inboxSources } from '../../db/inbox-job.ts'
import { type FoundEvent, type InboxFilter, inboxStates } from '../../db/inbox-search.ts'
import { instant } from '../../ledger/instant.ts'
import { type Html, html, nothing } from './html.ts'
import { inboxPath } from './inbox-path.ts'
import { page, type Visitor } from './layout.ts'
import { stateMark } from './state-mark.ts'
import { storyPath } from './story-path.ts'

type Filter = Pick<InboxFilter, 'source' | 'type' | 'entity' | 'state'>

/** One page of the inbox. */
export interface Inbox {
  readonly filter: Filter
  readonly events: readonly FoundEvent[]
  /** Where the next page begins; null on the last one. */
  readonly next: string | null
  readonly isFirst: boolean
  readonly visitor: Visitor
}

/** What the webhooks received, newest first, and how it stands. */
export function inboxPage({ filter, events, next, isFirst, visitor }: Inbox): string {
  const isNarrowed = Object.values(filter).some(value => value !== undefined)
  const body = html`<h1>Inbox</h1>
<p class="soft">What the webhooks received, newest first, and what became of it.</p>
<section class="panel"><form class="filters" action="/admin/inbox">
${choice('source', inboxSources, filter.source)}${field('type', 'booking.confirmed', filter.type)}${field('entity', 'booking:42', filter.entity)}${choice('state', inboxStates, filter.state)}
<button class="primary">Show</button>${isNarrowed ? html`<a href="/admin/inbox">Show all</a>` : nothing}</form>
${events.length === 0 ? html`<p class="soft after">${isNarrowed || !isFirst ? 'Nothing fits.' : 'Nothing has come in yet.'}</p>` : table(events)}
${next === null ? nothing : html`<p class="after"><a href="/admin/inbox?${olderThan(next, filter)}">Older</a></p>`}</section>`
  return page({ title: 'Inbox', body, visitor })
}

function choice(name: string, known: readonly string[], chosen: string | undefined): Html {
  const options = known.map(
    value => html`<option value="${value}"${value === chosen ? html` selected` : nothing}>${value}</option>`,
  )
  return html`<label>${name}<select name="${name}"><option value="">any</option>${options}</select></label>`
}

function field(name: string, example: string, given: string | undefined): Html {
  return html`<label>${name}<input name="${name}" placeholder="${example}" value="${given ?? ''}"></label>`
}

function olderThan(before: string, filter: Filter): string {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined)
  return new URLSearchParams({ ...Object.fromEntries(given), before }).toString()
}

function table(events: readonly FoundEvent[]): Html {
  return html`<div class="wide"><table class="audit"><thead><tr><th>Received</th><th>Source</th><th>Type</th><th>About</th><th>State</th><th>Why</th></tr></thead>
<tbody>${events.map(rowOf)}</tbody></table></div>`
}

function rowOf({ id, source, type, entity, state, received_at, reason, replays }: FoundEvent): Html {
  return html`<tr><td><a href="${inboxPath(id)}"><time datetime="${received_at}">${instant(received_at)}</time></a></td>
<td>${source}</td><td>${type}</td><td>${entity === null ? '–' : html`<a href="${storyPath(entity)}">${entity}</a>`}</td>
<td>${stateMark(state)}${replays > 0 ? html` <span class="soft">replayed ${replays}×</span>` : nothing}</td><td>${reason ?? ''}</td></tr>`
}
