import type { Effect, PushContent, SmsContent } from '../effects.ts'
import { smsSegments } from '../sms-segments.ts'
import { cardFoot } from './card.ts'
import { type Html, html } from './html.ts'

/** An SMS on a phone, with what it costs: its segments and the encoding that decides them. */
export function smsOnPhone({ from, body }: Pick<SmsContent, 'from' | 'body'>): Html {
  const { segments, encoding, units } = smsSegments(body)
  const cost = `${segments} ${segments === 1 ? 'segment' : 'segments'}, ${encoding}, ${units} ${encoding === 'GSM-7' ? 'septets' : 'units'}`
  return html`${phone(html`<p class="bar">${from}</p><p class="bubble">${body}</p>`)}<p class="cost">${cost}</p>`
}

/** A push as the lock screen shows it; `clock` is what the phone says, `HH:MM`. */
export function pushOnPhone({ title, body }: Pick<PushContent, 'title' | 'body'>, clock: string): Html {
  return phone(html`<p class="clock">${clock}</p>
        <div class="notice"><p class="app">HBNB</p><strong>${title}</strong><p>${body}</p></div>`)
}

/** An SMS that was sent. */
export function smsCard(effect: Effect, sms: SmsContent): Html {
  return card(effect, smsOnPhone(sms))
}

/** A push that was sent. */
export function pushCard(effect: Effect, push: PushContent): Html {
  const told = termsOf({
    priority: push.priority,
    'time to live': push.ttlSeconds === null ? null : `${push.ttlSeconds} s`,
    channel: push.channel,
    badge: push.badge === null ? null : String(push.badge),
  })
  const data = termsOf(push.data)
  const extras = html`<details><summary>Delivery</summary><dl>${told}</dl></details>${
    data.length === 0 ? html`` : html`<details><summary>Data</summary><dl>${data}</dl></details>`
  }`
  return card(effect, html`${pushOnPhone(push, effect.at.toISOString().slice(11, 16))}${extras}`)
}

function termsOf(values: Readonly<Record<string, string | null>>): Html[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === null ? [] : html`<dt>${name}</dt><dd>${value}</dd>`,
  )
}

function phone(screen: Html): Html {
  return html`<div class="phone"><div class="screen">${screen}</div></div>`
}

function card(effect: Effect, shown: Html): Html {
  const { recipient } = effect
  return html`<article class="card" id="${effect.id}">
    <p class="to">To <a href="?recipient=${encodeURIComponent(recipient)}">${recipient}</a></p>
    ${shown}
    ${cardFoot(effect)}
  </article>`
}
