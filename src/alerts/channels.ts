import type { Config } from '../config/load.ts'
import { call } from './call-url.ts'
import type { AlertMessage } from './message.ts'

const mailTimeoutMs = 15_000

/** A way to tell people. */
export interface Channel {
  readonly name: 'webhook' | 'email'
  /** Resolves when it was taken; the signal ends it. */
  readonly deliver: (message: AlertMessage, signal: AbortSignal) => Promise<void>
}

/** The channels that are set up; none when neither variable is set. */
export function channelsOf({ alerts, mail, sendgrid }: Pick<Config, 'alerts' | 'mail' | 'sendgrid'>): Channel[] {
  const { webhookUrl, email } = alerts
  return [
    ...(webhookUrl === null ? [] : [webhookChannel(webhookUrl)]),
    ...(email === null ? [] : [emailChannel(email, mail.senders.transactional.from, sendgrid)]),
  ]
}

/** `text` is what chat systems show; `alerts` is for programs. */
function webhookChannel(url: string): Channel {
  return {
    name: 'webhook',
    deliver: async ({ subject, text, alerts }, signal) => {
      await call(url, signal, { text: `${subject}\n\n${text}`, alerts })
    },
  }
}

/** Straight through the mail provider: a queue may be what is broken. */
function emailChannel(to: string, from: string, sendgrid: Config['sendgrid']): Channel {
  return {
    name: 'email',
    async deliver({ subject, text, html }, signal) {
      if ('missing' in sendgrid) throw new Error(`alerts cannot be mailed: ${sendgrid.missing} is not set`)
      const { sendgridMailer } = await import('../providers/sendgrid/mailer.ts')
      const mail = { from, to, subject, text, html, locale: 'en', customArgs: { alert: '1' } }
      const timeoutMs = mailTimeoutMs
      await sendgridMailer(sendgrid).send(mail, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        timeoutMs,
      })
    },
  }
}
