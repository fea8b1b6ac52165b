import type { Response } from 'express'
import { type Html, html } from './html.ts'
import { style } from './style.ts'

// Mail brings its own inline styles into its frame, which inherits this policy; nothing else may load or run.
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"

/** Answers with a page that loads nothing and runs nothing. */
export function sendDocument(response: Response, title: string, body: Html): void {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${style}
</head>
<body>
${body}
</body>
</html>
`
  response
    .set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    .type('html')
    .send(page.markup)
}
