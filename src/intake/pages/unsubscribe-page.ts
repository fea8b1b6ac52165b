import { createHash } from 'node:crypto'
import { type Locale, languageTags, locales } from '../../domain/locale.ts'
import type { Subscription } from '../../unsubscribe/token.ts'
import { Html, html } from './html.ts'
import { unsubscribeWords } from './unsubscribe-words.ts'

const css = `
:root { color-scheme: light dark; --ink: #111827; --soft: #4b5563; --line: #e5e7eb; --paper: #fff; --ground: #f3f4f6; --accent: #0f766e; --on-accent: #fff }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f4f6; --soft: #9ca3af; --line: #374151; --paper: #1f2937; --ground: #111827; --accent: #2dd4bf; --on-accent: #042f2e } }
* { box-sizing: border-box }
body { margin: 0; padding: 24px 12px; background: var(--ground); color: var(--ink); font: 17px/1.5 system-ui, -apple-system, 'Segoe UI', Arial, sans-serif }
main { max-width: 560px; margin: 5vh auto 0; background: var(--paper); border: 1px solid var(--line); border-radius: 8px }
.brand { margin: 0; padding: 18px 24px; border-bottom: 3px solid var(--accent); color: var(--accent); font-weight: 700 }
section { padding: 28px 24px }
section + section { border-top: 1px solid var(--line) }
h1 { margin: 0 0 12px; font-size: 24px; line-height: 1.25; text-wrap: balance }
p { margin: 0 0 16px }
.soft { margin: 20px 0 0; color: var(--soft); font-size: 15px }
button { min-height: 48px; padding: 10px 24px; border: 1px solid var(--accent); border-radius: 6px; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 700; cursor: pointer }
button.quiet { background: transparent; color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }`

/** What the Content-Security-Policy of these pages allows: this style sheet and no other. */
export const unsubscribeStyle = `'sha256-${createHash('sha256').update(css).digest('base64')}'`

/** How things stand with a subscription: asked about, ended, or begun again. */
export type Standing = 'subscribed' | 'unsubscribed' | 'again'

/** Asks whether a reader has done with a category, or says what has become of it. */
export function unsubscribePage({ locale, category }: Subscription, standing: Standing): string {
  const words = unsubscribeWords[locale]
  const name = words.categories[category]
  if (standing === 'subscribed') {
    return page(locale, words.ask(name), [
      html`<h1>${words.ask(name)}</h1>${button('unsubscribe', words.unsubscribe)}<p class="soft">${words.owed}</p>`,
    ])
  }
  if (standing === 'again') {
    return page(locale, words.undone, [
      html`<h1>${words.undone}</h1><p>${words.withAgain(name)}</p>${button('unsubscribe', words.unsubscribe, 'quiet')}`,
    ])
  }
  return page(locale, words.done, [
    html`<h1>${words.done}</h1><p>${words.without(name)}</p>${button('subscribe', words.subscribe, 'quiet')}<p class="soft">${words.owed}</p>`,
  ])
}

/** For links we did not make: in both languages, as nobody knows whose they are. */
export function unknownLinkPage(): string {
  return page(
    locales[0],
    unsubscribeWords[locales[0]].unknown,
    locales.map(locale => {
      const { unknown, whole } = unsubscribeWords[locale]
      return html`<div lang="${languageTags[locale]}"><h1>${unknown}</h1><p>${whole}</p></div>`
    }),
  )
}

/** For a while in which nothing can be noted. */
export function tryAgainPage({ locale }: Subscription): string {
  const { away, retry } = unsubscribeWords[locale]
  return page(locale, away, [html`<h1>${away}</h1><p>${retry}</p>`])
}

function button(name: string, label: string, look = ''): Html {
  // Posted to the address of the page itself: its token says what about.
  return html`<form method="post"><button class="${look}" name="do" value="${name}">${label}</button></form>`
}

function page(locale: Locale, title: string, sections: readonly Html[]): string {
  return html`<!doctype html>
<html lang="${languageTags[locale]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · HBNB</title>
<link rel="icon" href="data:,">
<style>${new Html(css)}</style>
</head>
<body>
<main><p class="brand">HBNB</p>${sections.map(section => html`<section>${section}</section>`)}</main>
</body>
</html>`.markup
}
