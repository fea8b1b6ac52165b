import type { Channel } from './channel.ts'

/** Whom a notification is for, and where they are reached. Personal data: never into a payload, a log or an error. */
export interface Recipient {
  /** Null for an address that is no user's. */
  readonly userId: string | null
  readonly email: string | null
  /** As it was told us: not yet E.164. */
  readonly phone: string | null
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null
  /** BCP 47. */
  readonly locale: string | null
  /** IANA. */
  readonly zone: string | null
  /** The person's own switches, for all that is not chosen by category. */
  readonly switchedOn: Readonly<Record<Channel, boolean>>
}
