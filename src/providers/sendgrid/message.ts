import { oneLine } from '../../domain/notifications/one-line.ts'
import { type Mail, type MailBatch, type TemplateMail, unsubscribePlace, type WrittenMail } from '../mailer.ts'

/** A mail as the SDK takes it. */
export const toSdk = (mail: Mail) => ({
  from: mail.from,
  to: mail.to,
  ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
  ...wordsOf(mail),
  headers: { 'Content-Language': mail.locale, ...listHeaders(mail.unsubscribeUrl) },
  customArgs: { ...mail.customArgs },
  ...settingsOf(mail.unsubscribeUrl === undefined),
})

/**
 * One mail to many as the SDK takes it: a personalization for each, so that nobody sees another's address (docs:
 * https://www.twilio.com/docs/sendgrid/for-developers/sending-email/personalizations).
 */
export const batchToSdk = ({ readers, ...mail }: MailBatch) => ({
  from: mail.from,
  ...(mail.replyTo === undefined ? {} : { replyTo: mail.replyTo }),
  ...wordsOf(mail),
  personalizations: readers.map(({ to, customArgs, unsubscribeUrl }) => ({
    to,
    headers: { 'Content-Language': mail.locale, ...listHeaders(unsubscribeUrl) },
    customArgs: { ...customArgs },
    ...(unsubscribeUrl === undefined ? {} : { substitutions: { [unsubscribePlace]: unsubscribeUrl } }),
  })),
  substitutionWrappers: ['', ''], // Else the SDK would look for the place in braces.
  ...settingsOf(readers.every(({ unsubscribeUrl }) => unsubscribeUrl === undefined)),
})

function settingsOf(isOwed: boolean) {
  return {
    // Whether somebody opens a mail is theirs to know; and links that pass through another's address look like fraud.
    trackingSettings: {
      clickTracking: { enable: false, enableText: false },
      openTracking: { enable: false },
      subscriptionTracking: { enable: false },
    },
    // Who has unsubscribed at SendGrid is still told of their bookings; its lists of bounces and complaints hold all the same.
    ...(isOwed ? { mailSettings: { bypassUnsubscribeManagement: { enable: true } } } : {}),
  }
}

function wordsOf(mail: Words) {
  if ('templateId' in mail) {
    // The SDK would write to the console about each variable with an apostrophe; SendGrid's templates escape what they show.
    return { templateId: mail.templateId, dynamicTemplateData: { ...mail.variables }, hideWarnings: true }
  }
  // SendGrid wants the plain part first.
  const content: [MailPart, MailPart] = [
    { type: 'text/plain', value: mail.text },
    { type: 'text/html', value: mail.html },
  ]
  // Names and titles of strangers stand in a subject: what breaks its line would begin a header of their own.
  return { subject: oneLine(mail.subject), content }
}

type Words = Pick<WrittenMail, 'subject' | 'html' | 'text'> | Pick<TemplateMail, 'templateId' | 'variables'>

interface MailPart {
  readonly type: string
  readonly value: string
}

/** RFC 8058, 3.1: both together let a mail program end such mail with one POST of its own. */
function listHeaders(unsubscribeUrl: string | undefined): Record<string, string> {
  if (unsubscribeUrl === undefined) return {}
  return { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
}
