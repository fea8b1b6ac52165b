import { sendgridHeaders, stripeHeaders, twilioCallback } from '../support/sign-callback.ts'
import { standardHeaders } from '../support/sign-webhook.ts'
import type { Scenario } from './contract-scenarios.ts'

const json = { 'content-type': 'application/json' }
const effectId = '0198a1b2-0000-7000-8000-00000000abcd'

function hbnbEvents(source: string, event: string): Scenario {
  return async (_operation, send) => {
    const signed = (body: string, given: Parameters<typeof standardHeaders>[1] = {}) =>
      send({ method: 'POST', path: `/webhooks/${source}`, headers: { ...json, ...standardHeaders(body, given) }, body })
    const about = (id: string) => JSON.stringify({ event, [`${source}_id`]: id })
    await signed(about('42'), { id: `evt_${source}` })
    await signed(about('43'), { id: `evt_${source}` })
    await signed(about('42'), { at: new Date(0) })
    await signed('{')
    await signed(JSON.stringify({ event }))
  }
}

/** What the doors of webhooks alone can answer, to whoever signs. */
export const webhookScenarios: Readonly<Record<string, Scenario>> = {
  receiveBookingEvent: hbnbEvents('booking', 'booking.confirmed'),
  receivePaymentEvent: hbnbEvents('payment', 'payment.failed'),
  receiveUserEvent: hbnbEvents('user', 'user.updated'),
  async receiveStripeEvent(_operation, send) {
    const event = {
      id: 'evt_contract',
      type: 'charge.failed',
      created: 1,
      livemode: false,
      data: { object: { object: 'charge' } },
    }
    for (const body of [JSON.stringify(event), JSON.stringify({ ...event, created: 2 }), '{', '{"no":"event"}']) {
      await send({ method: 'POST', path: '/webhooks/stripe', headers: { ...json, ...stripeHeaders(body) }, body })
    }
  },
  async receiveMailEvents(_operation, send) {
    const event = { event: 'delivered', email: 'a@example.test', timestamp: 1_763_800_000, sg_event_id: 'contract-1' }
    for (const body of [JSON.stringify([event]), '{', '{"no":"events"}']) {
      await send({ method: 'POST', path: '/webhooks/sendgrid', headers: { ...json, ...sendgridHeaders(body) }, body })
    }
  },
  async receiveSmsStatus(_operation, send, { config }) {
    const path = `/webhooks/twilio?effect_id=${effectId}`
    const callback = { MessageSid: `SM${'0'.repeat(32)}`, MessageStatus: 'delivered' }
    for (const fields of [callback, { MessageSid: 'of nobody' }]) {
      await send({ method: 'POST', path, ...twilioCallback(config, path, fields) })
    }
  },
  async receiveSmsReply(_operation, send, { config }) {
    const path = '/webhooks/twilio/messages'
    const reply = { MessageSid: `SM${'0'.repeat(32)}`, From: '+33612345678', Body: 'STOP' }
    for (const fields of [reply, { MessageSid: 'of nobody' }]) {
      await send({ method: 'POST', path, ...twilioCallback(config, path, fields) })
    }
  },
}
