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
interface WrittenMail extends Envelope {
  readonly subject: string
  readonly html: string
  readonly text: string
}

/** A mail that the provider writes, by a template it keeps. */
interface TemplateMail extends Envelope {
  readonly templateId: string
  readonly variables: Readonly<Record<string, unknown>>
}

/** A mail to one person. */
export type Mail = WrittenMail | TemplateMail

/** A mail provider. Throws only the outcomes of `src/errors.ts`; a resolved call means accepted. */
export interface Mailer {
  readonly provider: string
  send(mail: Mail, call: ProviderCall): Promise<{ id: string }>
}
