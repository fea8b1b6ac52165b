import type { ProviderCall } from './provider-call.ts'

/** One SMS. `to` is E.164. */
export interface Sms {
  readonly from: string
  readonly to: string
  readonly body: string
  /** When it is of no use any more: a provider that still has it then forgets it. Null: never said. */
  readonly expiresAt: Date | null
  /** The effect it is sent for: what the provider tells of it later comes back with this id. */
  readonly effectId: string
}

/** A message the provider already has: what settlement compares with. */
export interface SentSms {
  readonly id: string
  readonly body: string
  readonly createdAt: Date
}

/** An SMS provider. Throws only the outcomes of `src/errors.ts`; a resolved send means accepted. */
export interface Texter {
  readonly provider: string
  send(sms: Sms, call: ProviderCall): Promise<{ id: string }>
  /** Messages to one number since an instant, newest first: settles an unknown send. */
  sentTo(to: string, since: Date, call: ProviderCall): Promise<SentSms[]>
}
