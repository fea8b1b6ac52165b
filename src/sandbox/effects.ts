/** The providers whose wire protocol the sandbox speaks. */
export const PROVIDERS = ['sendgrid', 'twilio', 'fcm'] as const
export type Provider = (typeof PROVIDERS)[number]

/** What a mail looked like when the provider took it. */
export interface MailContent {
  readonly kind: 'mail'
  readonly from: string
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  readonly customArgs: Readonly<Record<string, string>>
  /** Whether SendGrid sends it also to who has unsubscribed there. */
  readonly isOwed: boolean
  /** Of a mail that SendGrid would write: by which template, and with what. Subject and parts then only say so. */
  readonly template?: { readonly id: string; readonly variables: Readonly<Record<string, unknown>> }
}

/** What an SMS said when the provider took it. */
export interface SmsContent {
  readonly kind: 'sms'
  readonly from: string
  readonly body: string
  /** How long the provider may keep it before it sends it; null: not said. */
  readonly validSeconds: number | null
}

/** What a push showed when the provider took it. */
export interface PushContent {
  readonly kind: 'push'
  readonly title: string
  readonly body: string
  readonly data: Readonly<Record<string, string>>
  /** What wakes the device up: FCM's default for what is shown is high. */
  readonly priority: 'normal' | 'high'
  /** Null: as long as FCM keeps anything. */
  readonly ttlSeconds: number | null
  /** Of Android; null: the app's default. */
  readonly channel: string | null
  /** On the app's icon, on Apple's devices; null leaves the one that is there. */
  readonly badge: number | null
}

/** One thing that happened in the outside world: a mail, an SMS or a push that a person would have received. */
export interface Effect {
  readonly provider: Provider
  /** The provider's own id, as the caller was told. */
  readonly id: string
  readonly recipient: string
  /** What the caller calls this effect: the custom argument `effect_id` of a mail, the collapse id of a push. */
  readonly key: string | null
  readonly at: Date
  readonly content: MailContent | SmsContent | PushContent
}

/** Asked: send requests seen. Sent: effects that happened, in all and per recipient. */
interface ProviderCounts {
  readonly requests: number
  readonly sent: number
  readonly recipients: Readonly<Record<string, number>>
}

/** Every effect and every request since the start or the last clear. Memory is bounded, the counts are not. */
export interface EffectLog {
  request(provider: Provider): void
  record(effect: Effect): void
  /** Oldest first. */
  list(filter?: EffectFilter): Effect[]
  counts(): Record<Provider, ProviderCounts>
  clear(): void
}

export interface EffectFilter {
  readonly provider?: Provider | undefined
  readonly key?: string | undefined
  readonly recipient?: string | undefined
}

const MAX_EFFECTS_KEPT = 20_000
const MAX_RECIPIENTS_COUNTED = 100_000

interface Tally {
  requests: number
  sent: number
  readonly recipients: Map<string, number>
}

const emptyTallies = (): Record<Provider, Tally> => ({
  sendgrid: { requests: 0, sent: 0, recipients: new Map() },
  twilio: { requests: 0, sent: 0, recipients: new Map() },
  fcm: { requests: 0, sent: 0, recipients: new Map() },
})

const countsOf = ({ requests, sent, recipients }: Tally): ProviderCounts => ({
  requests,
  sent,
  recipients: Object.fromEntries(recipients),
})

/** An empty log. Beyond MAX_EFFECTS_KEPT the oldest effects go; recipients beyond MAX_RECIPIENTS_COUNTED are counted in `sent` only. */
export function effectLog(): EffectLog {
  let effects: Effect[] = []
  let tallies = emptyTallies()
  return {
    request(provider) {
      tallies[provider].requests += 1
    },
    record(effect) {
      effects.push(effect)
      // Twice the limit, then cut once: shifting one element per effect would copy the whole list each time.
      if (effects.length >= 2 * MAX_EFFECTS_KEPT) effects = effects.slice(-MAX_EFFECTS_KEPT)
      const tally = tallies[effect.provider]
      tally.sent += 1
      const before = tally.recipients.get(effect.recipient)
      if (before !== undefined || tally.recipients.size < MAX_RECIPIENTS_COUNTED) {
        tally.recipients.set(effect.recipient, (before ?? 0) + 1)
      }
    },
    list({ provider, key, recipient } = {}) {
      return effects
        .slice(-MAX_EFFECTS_KEPT)
        .filter(
          effect =>
            (provider === undefined || effect.provider === provider) &&
            (key === undefined || effect.key === key) &&
            (recipient === undefined || effect.recipient === recipient),
        )
    },
    counts() {
      return {
        sendgrid: countsOf(tallies.sendgrid),
        twilio: countsOf(tallies.twilio),
        fcm: countsOf(tallies.fcm),
      }
    },
    clear() {
      effects = []
      tallies = emptyTallies()
    },
  }
}
