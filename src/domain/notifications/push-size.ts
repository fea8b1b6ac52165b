/** What FCM takes of title, body and data together (docs: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode). */
export const maxPushBytes = 4_096

/** What a push says. */
interface PushText {
  readonly title: string
  readonly body: string
  readonly data: Readonly<Record<string, string>>
}

/** The size of a push as FCM counts it: bytes of UTF-8, not letters. */
export function pushBytes({ title, body, data }: PushText): number {
  return Buffer.byteLength(JSON.stringify({ notification: { title, body }, data }))
}
