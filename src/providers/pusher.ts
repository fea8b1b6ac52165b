import type { ProviderCall } from './provider-call.ts'

/** One push to one device. FCM data values are strings. */
export interface Push {
  readonly token: string
  readonly title: string
  readonly body: string
  readonly data: Readonly<Record<string, string>>
  /** Two pushes with one collapse id show once on the device. At most 64 bytes (APNs limit). */
  readonly collapseId: string
  readonly ttlSeconds: number
  /** A low one may wait until the device wakes up by itself. */
  readonly urgency: 'low' | 'normal' | 'high'
  /** What Android lets people switch off by itself; a channel the app has not made is its default one. */
  readonly channel: string
  /** The number on the app's icon; null leaves the one that is there. */
  readonly badge: number | null
}

/** Per device: accepted with the provider's id, or the outcome error that says why not. `deadToken` asks for pruning. */
export type PushAnswer = { readonly id: string } | { readonly error: Error; readonly deadToken: boolean }

/** A push provider. Answers in the order of the messages; throws only when no message was sent. */
export interface Pusher {
  readonly provider: string
  readonly maxMessagesPerCall: number
  send(pushes: readonly Push[], call: ProviderCall): Promise<PushAnswer[]>
}
