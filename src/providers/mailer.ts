import type { ProviderCall } from './provider-call.ts'

/** What every mail to one person has. */
interface Envelope {
  readonly from: string
  readonly to: string
  readonly replyTo?: string
  /** BCP 47, becomes Content-Language. */
  readonly locale: string
  /** Where a POST ends such mail (RFC 8058); nothing in mail that is owed. */
  readonly unsubscribeUrl?: string
  /** Returned by the provider in every event about this mail: how an unknown send is settled. Ids only. */
  readonly customArgs: Readonly<Record<string, string>>
}

/** One rendered mail to one person. */
export interface WrittenMail extends Envelope {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** A mail that the provider writes, by a template it keeps. */
export interface TemplateMail extends Envelope {
  readonly templateId: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A mail to one person. */
export type Mail = WrittenMail | TemplateMail

/** Stands in both parts of a batch where each of its readers finds the link of their own. */
export const unsubscribePlace = '-unsubscribe-url-'

/** The same words to many people, each of whom gets a mail of their own. */
export interface MailBatch extends Pick<WrittenMail, 'from' | 'replyTo' | 'locale' | 'subject' | 'html' | 'text'> {
  readonly readers: readonly Pick<Envelope, 'to' | 'unsubscribeUrl' | 'customArgs'>[]
}

/** Per reader: accepted with the provider's id, or the outcome error that says why not. */
export type MailAnswer = { readonly id: string } | { readonly error: Error }

/** A mail provider. Throws only the outcomes of `src/errors.ts`; a resolved call means accepted. */
export interface Mailer {
  readonly provider: string
  readonly maxMailsPerCall: number
  send(mail: Mail, call: ProviderCall): Promise<{ id: string }>
  /** One call, taken or refused as a whole. Answers in the order of the readers, and throws nothing. */
  sendBatch(batch: MailBatch, call: ProviderCall): Promise<MailAnswer[]>
}
