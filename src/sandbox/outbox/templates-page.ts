import express, { type Router } from 'express'
import { z } from 'zod'
import { type Locale, locales } from '../../domain/locale.ts'
import { type TemplateName, templateNames } from '../../domain/notifications/template-names.ts'
import { renderTemplate } from '../../domain/notifications/templates/registry.ts'
import { sendDocument } from './document.ts'
import { type Html, html } from './html.ts'
import { pushOnPhone, smsOnPhone } from './phone.ts'
import { sampleData } from './sample-data.ts'

const MAX_TITLE_CHARS = 500

const LANGUAGES: Readonly<Record<Locale, string>> = { fr: 'Français', en: 'English' }

const query = z.object({
  locale: z.enum(locales).catch('fr'),
  title: z.string().trim().min(1).max(MAX_TITLE_CHARS).optional().catch(undefined),
})

/** GET /outbox/templates: every message on every channel; `?locale=en`, `?title=` to try a title out. */
export function templatesPage(): Router {
  const router = express.Router()
  router.get('/', (request, response) => {
    const { locale, title } = query.parse(request.query)
    sendDocument(response, `Messages (${locale})`, body(locale, title))
  })
  return router
}

function body(locale: Locale, title: string | undefined): Html {
  const languages = locales.map(one =>
    one === locale
      ? html`<b aria-current="page">${LANGUAGES[one]}</b>`
      : html`<a href="?locale=${one}${title === undefined ? '' : `&title=${encodeURIComponent(title)}`}">${LANGUAGES[one]}</a>`,
  )
  const contents = templateNames.map(name => html`<li><a href="#${name}">${name}</a></li>`)
  return html`<header>
  <h1>Messages</h1>
  <p class="lead">What we send, with sample data. <a href="/outbox">What was sent</a></p>
  <form>
    <input type="hidden" name="locale" value="${locale}">
    <input name="title" value="${title ?? ''}" placeholder="Another title of the place" aria-label="Title of the place">
    <button>Try</button>
    ${languages}
  </form>
  <ul class="contents">${contents}</ul>
</header>
<main class="messages" lang="${locale}">
${templateNames.map(name => message(name, locale, title))}
</main>`
}

function message(name: TemplateName, locale: Locale, title: string | undefined): Html {
  const sample = sampleData[name]
  const data = title !== undefined && 'place_title' in sample ? { ...sample, place_title: title } : sample
  const { email, sms, push } = renderTemplate(name, locale, data)
  const frame = (width: string) =>
    html`<iframe sandbox class="${width}" title="${name}, ${width}" loading="lazy" srcdoc="${email.html}"></iframe>`
  return html`<article class="card message" id="${name}">
  <header><h2>${name}</h2><p><b>${email.subject}</b></p></header>
  <div class="mails">${frame('wide')}${frame('narrow')}</div>
  <div class="phones"><div>${smsOnPhone({ from: 'HBNB', body: sms.body })}</div><div>${pushOnPhone(push, '10:00')}</div></div>
  <details><summary>Text part</summary><pre>${email.text}</pre></details>
</article>`
}
