import { z } from 'zod'
import { type Html, html, nothing } from '../pages/html.ts'
import type { DescribedOperation } from './document.ts'
import { exampleOf } from './example.ts'

type Parameter = DescribedOperation['parameters'][number]

const form = z.looseObject({ type: z.string().optional(), enum: z.array(z.string()).optional() })

/** A form that sends the operation to the place the page came from; try-it.js gives it life. */
export function tryForm(path: string, method: string, { parameters, requestBody }: DescribedOperation): Html {
  const content = Object.entries(requestBody?.content ?? {})
  return html`<details class="try"><summary>Try it</summary>
<form class="stack" data-method="${method.toUpperCase()}" data-path="${path}" autocomplete="off">
${parameters.length === 0 ? nothing : html`<div class="fields">${parameters.map(field)}</div>`}${content.length === 0 ? nothing : bodyField(content)}
<p><button class="primary">Send</button> <button type="button" class="stop" hidden>Stop</button></p>
<div class="answer" aria-live="polite" hidden><p class="status"></p><pre class="call"></pre><pre class="headers"></pre><pre class="body"></pre></div>
</form></details>`
}

function field({ name, in: place, required, schema }: Parameter): Html {
  const { type, enum: choices } = form.parse(schema)
  const label = html`<span>${name} <small class="soft">${place}${required ? ', required' : ''}${type === 'array' ? ', several with blanks between' : ''}</small></span>`
  const id = `${place}:${name}`
  if (choices !== undefined) {
    return html`<label>${label}<select name="${id}"><option></option>${choices.map(choice => html`<option>${choice}</option>`)}</select></label>`
  }
  const facts = html`${required ? html` required` : nothing}${type === 'array' ? html` data-many` : nothing}`
  return html`<label>${label}<input name="${id}"${facts} spellcheck="false"></label>`
}

function bodyField(content: readonly [string, { readonly schema: object; readonly 'x-item-schema'?: object }][]): Html {
  const [first] = content
  const example = exampleOf(first?.[1]['x-item-schema'] ?? first?.[1].schema)
  return html`<label><span>Body</span><textarea name="body" rows="6" spellcheck="false">${JSON.stringify(example, null, 2)}</textarea></label>
<label><span>Content-Type</span><select name="type">${content.map(([type]) => html`<option>${type}</option>`)}</select></label>`
}
