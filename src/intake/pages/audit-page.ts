import { type AuditRow, maxAuditRows } from '../../ledger/audit.ts'
import { type Html, html, nothing } from './html.ts'
import { inboxPath } from './inbox-path.ts'
import { page, type Visitor } from './layout.ts'

/** What people did through these pages and what they were refused, newest first; `target` empty = everything. */
export function auditPage(target: string, rows: readonly AuditRow[], visitor: Visitor): string {
  const body = html`<h1>Audit log</h1>
<p class="soft">What people did on these pages, in Bull Board and on the command line, and what they were refused. The newest ${maxAuditRows}${target === '' ? '' : ' of one target'}.</p>
<section class="panel"><form class="search" action="/admin/audit">
<input name="target" aria-label="Target" placeholder="job:<id>, queue:email.send or schedule:<key>" value="${target}"><button class="primary">Show</button>${
    target === '' ? nothing : html`<a href="/admin/audit">Show all</a>`
  }</form>
${rows.length === 0 ? html`<p class="soft after">Nothing ${target === '' ? 'yet' : 'of this target'}.</p>` : table(rows)}</section>`
  return page({ title: 'Audit log', body, visitor })
}

function table(rows: readonly AuditRow[]): Html {
  return html`<div class="wide"><table class="audit"><thead><tr><th>When (UTC)</th><th>Who</th><th>What</th><th>Of what</th><th>What came of it</th></tr></thead>
<tbody>${rows.map(rowOf)}</tbody></table></div>`
}

function rowOf({ at, actor, action, target, detail, origin }: AuditRow): Html {
  const iso = at.toISOString()
  const isRefused = 'refused' in detail
  return html`<tr${isRefused ? html` class="refused"` : nothing}><td><time datetime="${iso}" title="${iso}">${iso.slice(0, 19).replace('T', ' ')}</time></td>
<td>${actor}</td><td>${action}</td>
<td><a href="/admin/audit?target=${encodeURIComponent(target)}" title="${target}">${target}</a>${linkFrom(target)}</td>
<td title="${origin === null ? 'The browser did not say from which page.' : `From ${origin}`}">${isRefused ? html`<b>refused</b> ` : nothing}${detailWords(detail)}</td></tr>`
}

/** On to what a target is about, where there is a page of it. */
function linkFrom(target: string): Html {
  const eventId = /^inbox:([0-9a-f-]{36})$/.exec(target)?.[1]
  if (eventId !== undefined) return html` <a href="${inboxPath(eventId)}">event</a>`
  return target.startsWith('job:') ? html` <a href="/admin/story/job/${target.slice(4)}">story</a>` : nothing
}

function detailWords({ refused, because, ...facts }: AuditRow['detail']): string {
  if (refused !== undefined) return String(because)
  const said = Object.entries(facts).map(([name, value]) => `${name.replaceAll('_', ' ')}: ${textOf(value)}`)
  return said.length === 0 ? 'done' : `done · ${said.join(' · ')}`
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
