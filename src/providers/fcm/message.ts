import type { TokenMessage } from 'firebase-admin/messaging'
import type { Push } from '../pusher.ts'

/** FCM keeps nothing longer (docs: https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-lifespan). */
const MAX_TTL_SECONDS = 28 * 86_400

/**
 * A push as the SDK takes it. What is shown is urgent to FCM and Apple unless told otherwise, so only low urgency is told
 * (docs: https://firebase.google.com/docs/cloud-messaging/customize-messages/setting-message-priority).
 */
export function toSdk({ token, title, body, data, ...push }: Push): TokenMessage {
  const { collapseId, urgency, channel, badge } = push
  const ttlSeconds = Math.min(push.ttlSeconds, MAX_TTL_SECONDS)
  const isLow = urgency === 'low'
  return {
    token,
    notification: { title, body },
    data: { ...data },
    // The collapse key replaces a push that still waits for the device, the tag one that is already shown.
    android: {
      collapseKey: collapseId,
      ttl: ttlSeconds * 1_000,
      priority: isLow ? 'normal' : 'high',
      // No count: Android adds up by itself what it shows.
      notification: { tag: collapseId, channelId: channel, sound: 'default' },
    },
    apns: {
      headers: {
        'apns-collapse-id': collapseId,
        'apns-expiration': String(Math.floor(Date.now() / 1_000) + ttlSeconds),
        'apns-priority': isLow ? '5' : '10',
      },
      payload: { aps: { sound: 'default', ...(badge === null ? {} : { badge }) } },
    },
    // The names of RFC 8030, which knows our three urgencies.
    webpush: { headers: { TTL: String(ttlSeconds), Urgency: urgency }, notification: { tag: collapseId } },
  }
}
