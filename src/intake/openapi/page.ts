import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Html, html, nothing } from '../pages/html.ts'
import { css } from '../pages/style.ts'
import type { DescribedOperation, Description } from './document.ts'
import { exampleOf } from './example.ts'
import { tryForm } from './try-form.ts'

const ownCss = `
.docs { max-width: 960px }
.docs nav ul { columns: 2; padding-left: 18px }
.docs nav li { break-inside: avoid; margin-bottom: 4px; list-style: none; margin-left: -18px }
.verb { display: inline-block; min-width: 44px; font: 700 12px/1.4 ui-monospace, 'DejaVu Sans Mono', monospace; color: var(--accent) }
.panel h2 { margin: 0 0 6px; font-size: 17px }
.panel h3 { margin: 16px 0 6px; font-size: 14px }
table { border-collapse: collapse; width: 100% }
td { padding: 5px 12px 5px 0; vertical-align: top; border-top: 1px solid var(--line) }
td:first-child { white-space: nowrap }
details { margin: 6px 0 }
summary { cursor: pointer; color: var(--accent) }
select, textarea { font: inherit; color: inherit; padding: 7px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--paper) }
input, select, textarea { font-weight: 400 }
.stack label small { font-weight: 400 }
textarea { font: 12.5px/1.45 ui-monospace, 'DejaVu Sans Mono', monospace; resize: vertical }
.try { border-top: 1px solid var(--line); margin-top: 16px; padding-top: 10px }
.try summary { font-weight: 600 }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(260px, 1fr)); gap: 10px 16px }
.answer .status { font-weight: 600 }
.answer pre:empty { display: none }
.answer pre { max-height: 420px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere }
#key-note { color: var(--bad, #b3261e) }
pre { margin: 6px 0; padding: 12px; overflow-x: auto; background: var(--ground); border-radius: 8px; font: 12.5px/1.45 ui-monospace, 'DejaVu Sans Mono', monospace }
`
const styles = css + ownCss
const script = readFileSync(join(import.meta.dirname, 'try-it.js'), 'utf8')

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but the page's own style sheet and script, by their hashes; the script asks only where the page came from. */
export const docsPolicy = [
  "default-src 'none'",
  `style-src ${hashOf(styles)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** The description as one page to read, print and try out: nothing from elsewhere, and readable without its script. */
export function docsPage({ info, servers, paths }: Description): string {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const url = servers[0]?.url ?? ''
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.title}: the API</title>
<style>${new Html(styles)}</style>
</head>
<body>
<main class="docs">
<h1>${info.title}</h1>
<p class="soft">Version ${info.version} at ${url}, also as <a href="/openapi.json">OpenAPI 3.1</a></p>
<p>${info.description}</p>
<section class="panel"><h2>Your API key</h2>
<div class="stack"><label><span>To try things out. It stays in this field until you leave the page.</span>
<input id="api-key" type="password" autocomplete="off" spellcheck="false" placeholder="hbnb_test_…"></label></div>
<p class="soft">What a test key sends goes to the sandbox. <b id="key-note" role="status"></b></p></section>
<section class="panel"><h2>Make a job</h2><pre>${example(url, paths)}</pre></section>
<nav class="panel" aria-label="Operations"><ul>${operations.map(
    ({ path, method, operation }) =>
      html`<li><span class="verb">${method.toUpperCase()}</span> <a href="#${operation.operationId}">${path}</a></li>`,
  )}</ul></nav>
${operations.map(({ path, method, operation }) => section(path, method, operation))}
</main>
<script>${new Html(script)}</script>
</body>
</html>`.markup
}

/** The first job type that is open, with its required fields left to fill in. */
function example(url: string, paths: Description['paths']): string {
  const [path, methods] = Object.entries(paths).find(([, { post }]) => post?.tags.includes('jobs')) ?? [
    '/v1/jobs/{name}',
  ]
  const schema = methods?.['post']?.requestBody?.content['application/json']?.schema
  const payload = JSON.stringify(exampleOf(schema))
  return `curl -X POST '${url}${path}' \\
  -H "Authorization: Bearer $HBNB_API_KEY" -H 'Content-Type: application/json' \\
  -d '${payload}'`
}

function section(path: string, method: string, operation: DescribedOperation): Html {
  const { operationId, summary, description, tags, parameters, requestBody, responses } = operation
  return html`<section class="panel" id="${operationId}">
<h2>${summary}</h2>
<p><span class="verb">${method.toUpperCase()}</span> <code>${path}</code></p>
<p>${description}</p>
${parameters.length === 0 ? nothing : html`<h3>Parameters</h3><table>${parameters.map(parameterRow)}</table>`}
${requestBody === undefined ? nothing : html`<h3>Body</h3><p>${requestBody.description}</p>${schemas(requestBody.content)}`}
<h3>Answers</h3>
${Object.entries(responses).map(
  ([status, { description: about, content }]) =>
    html`<p><code>${status}</code> ${about}</p>${status.startsWith('2') && content !== undefined ? schemas(content) : nothing}`,
)}
${tags.includes('webhooks') ? nothing : tryForm(path, method, operation)}
</section>`
}

function parameterRow({
  name,
  in: place,
  required,
  description,
  schema,
}: DescribedOperation['parameters'][number]): Html {
  return html`<tr><td><code>${name}</code></td><td>${place}${required ? ', required' : ''}</td><td>${description} <code>${inWords(schema)}</code></td></tr>`
}

/** The form of a parameter, shorter than its schema. */
function inWords(schema: object): string {
  const { type, format, pattern, items } = parameterForm.parse(schema)
  if (items !== undefined) return `${type ?? ''} of ${inWords(items)}`
  return [type, format ?? pattern].filter(word => word !== undefined).join(' ')
}

const parameterForm = z.looseObject({
  type: z.string().optional(),
  format: z.string().optional(),
  pattern: z.string().optional(),
  items: z.looseObject({}).optional(),
})

function schemas(content: NonNullable<DescribedOperation['requestBody']>['content']): Html[] {
  return Object.entries(content).map(
    ([type, { schema, 'x-item-schema': item }]) =>
      html`<details><summary>${type}${item === undefined ? '' : ', each line or event'}</summary><pre>${JSON.stringify(item ?? schema, null, 2)}</pre></details>`,
  )
}
