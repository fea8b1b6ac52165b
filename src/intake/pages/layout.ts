import { createHash } from 'node:crypto'
import { Html, html, nothing } from './html.ts'
import { css } from './style.ts'

const icon =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#0b6b75"/><path d="M9 7v18M9 16h9v9" stroke="#fff" stroke-width="3" fill="none"/><circle cx="23" cy="10" r="4" fill="#f4b740"/></svg>',
  )

/** What the Content-Security-Policy allows: this style sheet and no other. */
export const styleSource = `'sha256-${createHash('sha256').update(css).digest('base64')}'`

/** Who is signed in, for the bar on top. */
export interface Visitor {
  readonly role: string
  readonly csrf: string
}

export interface Page {
  readonly title: string
  readonly body: Html
  readonly visitor?: Visitor
  /** Loads the page again by itself after so many seconds. */
  readonly refreshSeconds?: number
}

/** A whole page as text: no script, no outside asset. */
export function page({ title, body, visitor, refreshSeconds }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshSeconds === undefined ? nothing : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title} · hbnb-jobs</title>
<link rel="icon" href="${icon}">
<style>${new Html(css)}</style>
</head>
<body>
<header class="top"><a class="brand" href="/admin">hbnb-jobs</a>${visitor ? bar(visitor) : nothing}</header>
<main>${body}</main>
</body>
</html>`.markup
}

function bar({ role, csrf }: Visitor): Html {
  return html`<nav aria-label="Pages"><a href="/admin">Overview</a><a href="/admin/queues">Queues</a><a href="/admin/inbox">Inbox</a><a href="/admin/audit">Audit log</a><a href="/docs">API docs</a></nav>
<form class="out" method="post" action="/logout"><input type="hidden" name="form_token" value="${csrf}"><span>${role}</span><button>Sign out</button></form>`
}
