import type { Effect, MailContent } from '../effects.ts'
import { cardFoot } from './card.ts'
import { type Html, html } from './html.ts'

/** A mail as a reader would see it: in a frame without scripts, forms or a way out. */
export function mailCard(effect: Effect, mail: MailContent): Html {
  const { recipient } = effect
  const language = mail.headers['Content-Language'] ?? ''
  return html`<article class="card mail" id="${effect.id}">
    <header>
      <h2>${mail.subject}</h2>
      <dl>
        <dt>From</dt><dd>${mail.from}</dd>
        <dt>To</dt><dd><a href="?recipient=${encodeURIComponent(recipient)}">${recipient}</a></dd>
        <dt>Language</dt><dd>${language === '' ? 'not said' : language}</dd>
      </dl>
    </header>
    ${mail.html === '' ? html`<pre>${mail.text}</pre>` : rendered(mail)}
    ${cardFoot(effect)}
  </article>`
}

const rendered = (
  mail: MailContent,
): Html => html`<iframe sandbox title="${mail.subject}" loading="lazy" srcdoc="${mail.html}"></iframe>
    <details><summary>Text part</summary><pre>${mail.text}</pre></details>`
