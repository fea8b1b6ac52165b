import { fcmPusher } from '../../src/providers/fcm/pusher.ts'
import { sendgridMailer } from '../../src/providers/sendgrid/mailer.ts'
import { twilioTexter } from '../../src/providers/twilio/texter.ts'
import type { Push } from '../../src/providers/pusher.ts'
import type { Sender } from './send.contract.ts'

export const ACCOUNT_SID = `AC${'0'.repeat(32)}`

/** A mailer that sends one small mail. */
export function mailSender(sandboxUrl: string, good = true): Sender {
  const mailer = sendgridMailer({ apiKey: good ? 'SG.good' : 'bad-key', baseUrl: `${sandboxUrl}/sendgrid` })
  return {
    send: (to, secret, call) =>
      mailer.send(
        {
          from: 'bookings@hbnb.test',
          to,
          subject: 'Booking',
          html: `<p>${secret}</p>`,
          text: secret,
          locale: 'en',
          customArgs: { effect_id: secret },
        },
        call,
      ),
  }
}

/** A texter that sends one SMS. */
export function smsSender(sandboxUrl: string, good = true): Sender {
  const texter = twilioTexter({
    accountSid: ACCOUNT_SID,
    authToken: good ? 'good-token' : 'bad-token',
    baseUrl: `${sandboxUrl}/twilio`,
    statusUrl: null,
  })
  return {
    send: (to, secret, call) => texter.send({ from: 'HBNB', to, body: secret, expiresAt: null, effectId: 'e1' }, call),
  }
}

/** A push to one device, of no importance but for what is said. */
export function pushTo(token: string, said: Partial<Push> = {}): Push {
  return {
    token,
    title: 'Booking',
    body: 'Hello',
    data: {},
    collapseId: 'booking-1',
    ttlSeconds: 60,
    urgency: 'normal',
    channel: 'booking',
    badge: null,
    ...said,
  }
}

/** A pusher that sends to one device, and throws that device's error. */
export function pushSender(sandboxUrl: string): Sender {
  const pusher = fcmPusher({ projectId: 'hbnb-test', sandboxUrl })
  return {
    async send(token, secret, call) {
      const [answer] = await pusher.send([pushTo(token, { body: secret })], call)
      if (answer === undefined) throw new Error('No answer for the only device.')
      if ('error' in answer) throw answer.error
      return answer
    },
  }
}
