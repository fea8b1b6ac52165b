import type { Answers } from './answers.ts'
import { read } from './read.ts'
import type { PayloadOf } from './shapes.ts'
import type { CallOptions, Transport } from './transport.ts'

export type AcceptedNotification = Answers['POST /v1/notifications'][202]
export type Notification = Answers['GET /v1/notifications/{id}'][200]

type Channel = keyof Notification['results']

/** A user, or an address that is no user's. `locale` is BCP 47. */
type Reader =
  | { readonly user_id: string }
  | { readonly email: string; readonly locale?: string }
  | { readonly phone: string; readonly country: string; readonly locale?: string }

/** One of the service's own messages, or words of the sender's. An SMS to a number needs no title. */
type Words =
  | Omit<PayloadOf<'notifications.send'>, 'user_id'>
  | { readonly title?: string; readonly body: string; readonly category?: Notification['category'] }

/** What somebody is told. */
export type NewNotification = Words & {
  readonly to: Reader
  /** What a push carries. */
  readonly data?: Readonly<Record<string, string>>
  /** Only these; unless told, all that are wanted. */
  readonly channels?: readonly Channel[]
  /** What it is about, such as `booking:42`. */
  readonly entity?: string
  /** The same to the same reader is sent once. */
  readonly dedupe_key?: string
  /** RFC 3339. */
  readonly expires_at?: string
  readonly urgency?: 'low' | 'normal' | 'high'
}

/** Of a call that tells somebody something. */
export interface SendOptions extends CallOptions {
  /** What makes it the same call, for 24 hours; unless told, each call is its own. */
  readonly key?: string
}

/** Telling people something on the channels they want, and what became of it. */
export function notificationsOf(transport: Transport) {
  return {
    /** When this returns, the notification is committed and will not be lost. */
    async send(
      notification: NewNotification,
      { key = crypto.randomUUID(), ...options }: SendOptions = {},
    ): Promise<AcceptedNotification> {
      const body = JSON.stringify(notification)
      const call = { method: 'POST', path: '/v1/notifications', body, repeat: 'safe', idempotencyKey: key } as const
      return await read(transport, call, options)
    },
    get: async (id: string, options?: CallOptions): Promise<Notification> =>
      await read(transport, { method: 'GET', path: pathOf(id), repeat: 'safe' }, options),
    /** Takes back what is about something and not sent yet. Answers how many notifications. */
    async cancel(
      about: { readonly entity: string; readonly category?: Notification['category'] },
      options?: CallOptions,
    ): Promise<number> {
      const call = { method: 'POST', path: pathOf('cancel'), body: JSON.stringify(about), repeat: 'safe' } as const
      return (await read<Answers['POST /v1/notifications/cancel'][200]>(transport, call, options)).cancelled
    },
  }
}

function pathOf(id: string): string {
  return `/v1/notifications/${encodeURIComponent(id)}`
}
