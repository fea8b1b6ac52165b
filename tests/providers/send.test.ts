import { randomInt, randomUUID } from 'node:crypto'
import { sendContract } from './send.contract.ts'
import { mailSender, pushSender, smsSender } from './senders.ts'

sendContract('the SendGrid mailer', {
  provider: 'sendgrid',
  open: mailSender,
  recipient: () => `${randomUUID()}@example.test`,
})

sendContract('the Twilio texter', {
  provider: 'twilio',
  open: smsSender,
  recipient: () => `+336${randomInt(10_000_000, 99_999_999)}`,
})

sendContract('the FCM pusher', {
  provider: 'fcm',
  // The sandbox' access token is always good: a device that answers "permission denied" stands for a refused account.
  open: (url, good) => {
    const sender = pushSender(url)
    return good ? sender : { send: (token, secret, call) => sender.send(`denied-${token}`, secret, call) }
  },
  recipient: () => randomUUID(),
})
