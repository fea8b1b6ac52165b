import type { ProviderCall } from './provider-call.ts'

/** One rendered mail to one person. */
export interface Mail {
  readonly from: string
  readonly to: string
  readonly replyTo?: string
  readonly subject: string
  readonly html: string
  readonly text: string
  /** BCP 47, becomes Content-Language. */
  readonly locale: string
  /** Returned by the provider in every event about this mail: how an unknown send is settled. Ids only. */
  readonly customArgs: Readonly<Record<string, string>>
}

/** A mail provider. Throws only the outcomes of `src/errors.ts`; a resolved call means accepted. */
export interface Mailer {
  readonly provider: string
  send(mail: Mail, call: ProviderCall): Promise<{ id: string }>
}
