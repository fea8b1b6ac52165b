import type { Effect, PushContent, SmsContent } from '../effects.ts'
import { smsSegments } from '../sms-segments.ts'
import { cardFoot } from './card.ts'
import { type Html, html } from './html.ts'

/** An SMS on a phone, with what it costs: its segments and the encoding that decides them. */
export function smsCard(effect: Effect, { from, body }: SmsContent): Html {
  const { segments, encoding, units } = smsSegments(body)
  const cost = `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${encoding}, ${units} ${encoding === 'GSM-7' ? 'septets' : 'units'}`
  return phone(effect, html`<p class="bar">${from}</p><p class="bubble">${body}</p>`, html`<p class="cost">${cost}</p>`)
}

/** A push as the lock screen shows it. */
export function pushCard(effect: Effect, { title, body, data }: PushContent): Html {
  const extras = Object.entries(data).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)
  return phone(
    effect,
    html`<p class="clock">${effect.at.toISOString().slice(11, 16)}</p>
        <div class="notice"><p class="app">HBNB</p><strong>${title}</strong><p>${body}</p></div>`,
    extras.length === 0 ? html`` : html`<details><summary>Data</summary><dl>${extras}</dl></details>`,
  )
}

function phone(effect: Effect, screen: Html, below: Html): Html {
  const { recipient } = effect
  return html`<article class="card" id="${effect.id}">
    <p class="to">To <a href="?recipient=${encodeURIComponent(recipient)}">${recipient}</a></p>
    <div class="phone"><div class="screen">${screen}</div></div>
    ${below}
    ${cardFoot(effect)}
  </article>`
}
