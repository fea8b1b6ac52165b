import express, { type Router } from 'express'
import { z } from 'zod'
import type { Effect, EffectLog, Provider } from '../effects.ts'
import { sendDocument } from './document.ts'
import { type Html, html } from './html.ts'
import { mailCard } from './mail.ts'
import { pushCard, smsCard } from './phone.ts'
import { templatesPage } from './templates-page.ts'

const MAX_ITEMS_SHOWN = 200

const NAMES: Readonly<Record<Provider, string>> = { sendgrid: 'Mail', twilio: 'SMS', fcm: 'Push' }

const query = z.object({ recipient: z.string().max(4_096).optional().catch(undefined) })

/** GET /outbox: what people would have received, newest first; `?recipient=` shows one person's. */
export function outboxPage(effects: EffectLog): Router {
  const router = express.Router()
  router.get('/', (request, response) => {
    const recipient = query.parse(request.query).recipient || undefined
    const all = effects.list({ recipient })
    const shown = all.slice(-MAX_ITEMS_SHOWN).toReversed()
    sendDocument(response, `Outbox (${all.length})`, body(effects, shown, all.length, recipient))
  })
  router.use('/templates', templatesPage())
  return router
}

function body(effects: EffectLog, shown: readonly Effect[], total: number, recipient: string | undefined): Html {
  const counts = Object.entries(effects.counts()).map(([provider, { requests, sent }]) =>
    count(provider, requests, sent),
  )
  const rest = total - shown.length
  return html`<header>
  <h1>Outbox</h1>
  <p class="lead">What people would have received. Nothing here left this machine. <a href="/outbox/templates">All messages we can send</a></p>
  <ul class="counts">${counts}</ul>
  <form>
    <input name="recipient" value="${recipient ?? ''}" placeholder="Address, number or device token" aria-label="Recipient">
    <button>Show</button>
    ${recipient === undefined ? '' : html`<a href="?">Show all</a>`}
  </form>
</header>
<main>
${shown.length === 0 ? html`<p class="empty">Nothing was sent${recipient === undefined ? '' : ` to ${recipient}`} yet.</p>` : shown.map(card)}
${rest > 0 ? html`<p class="empty">${rest} older ones are not shown.</p>` : ''}
</main>`
}

const isProvider = (name: string): name is Provider => name in NAMES

const count = (provider: string, requests: number, sent: number): Html =>
  html`<li>${isProvider(provider) ? NAMES[provider] : provider}<b>${requests} asked / ${sent} sent</b></li>`

function card(effect: Effect): Html {
  const { content } = effect
  if (content.kind === 'mail') return mailCard(effect, content)
  return content.kind === 'sms' ? smsCard(effect, content) : pushCard(effect, content)
}
