import { z } from 'zod'
import { CallFailure } from '../call-failure.ts'
import { boundsOf, type KnownFailure, type OutcomeRow, outcomeOf } from '../outcome-table.ts'
import { retryAfterMs } from '../retry-after.ts'

/**
 * What a failure says of the device. `dead`: it will never take a push again; `foreign`: it is another project's, or our key
 * is; `doubtful`: it or the push is at fault; `kept`: nothing.
 */
type Device = 'kept' | 'dead' | 'foreign' | 'doubtful'

interface FcmRow extends OutcomeRow {
  readonly device?: Device
}

/** A push that was not accepted. */
export interface Refusal {
  readonly error: Error
  readonly device: Device
}

/**
 * What each failure of messages:send means, by FCM's own code where the answer has one, else by the SDK's.
 * The SDK alone cannot be trusted to prune by: it calls any 404 `registration-token-not-registered` and any 403
 * `mismatched-credential`, so a mistyped project or a missing permission would look like every device being dead.
 * Codes: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode and https://firebase.google.com/docs/cloud-messaging/error-codes
 */
export const fcmTable: readonly FcmRow[] = [
  {
    when: ({ vendorCode }) => vendorCode === 'UNREGISTERED',
    outcome: 'permanent',
    code: 'fcm-unregistered',
    sentence: 'The app is no longer installed on the device.',
    device: 'dead',
  },
  {
    when: ({ vendorCode }) => vendorCode === 'SENDER_ID_MISMATCH',
    outcome: 'permanent',
    code: 'fcm-foreign-token',
    sentence: 'The device token belongs to another project.',
    device: 'foreign',
  },
  {
    when: ({ vendorCode }) => vendorCode === 'messaging/invalid-registration-token',
    outcome: 'permanent',
    code: 'fcm-invalid-token',
    sentence: 'The device token is not one that FCM made.',
    device: 'dead',
  },
  {
    when: ({ vendorCode }) => vendorCode === 'THIRD_PARTY_AUTH_ERROR' || vendorCode === 'APNS_AUTH_ERROR',
    outcome: 'config',
    code: 'fcm-apple-key-refused',
    sentence: 'Apple or the web push service refused the key stored in the FCM project.',
  },
  {
    when: ({ status, vendorCode }) => vendorCode === 'QUOTA_EXCEEDED' || status === 429,
    outcome: 'busy',
    code: 'fcm-busy',
    sentence: 'FCM asks us to send more slowly.',
  },
  {
    when: ({ vendorCode }) => vendorCode === 'messaging/payload-size-limit-exceeded',
    outcome: 'permanent',
    code: 'fcm-push-too-large',
    sentence: 'The push is larger than 4,096 bytes.',
  },
  {
    // Covers payload, time to live, keys and the token alike.
    when: ({ status, vendorCode }) => vendorCode === 'INVALID_ARGUMENT' || status === 400,
    outcome: 'permanent',
    code: 'fcm-push-refused',
    sentence: 'FCM refused the push as invalid.',
    device: 'doubtful',
  },
  {
    when: ({ vendorCode }) => isMalformed(vendorCode),
    outcome: 'permanent',
    code: 'fcm-push-malformed',
    sentence: 'The push is not one that can be sent.',
  },
  {
    when: ({ status, vendorCode }) => status === 401 || status === 403 || vendorCode === 'app/invalid-credential',
    outcome: 'config',
    code: 'fcm-credentials-refused',
    sentence: 'FCM refused the service account, or it lacks the permission to send.',
  },
  {
    when: ({ status }) => status === 404 || status === 405,
    outcome: 'config',
    code: 'fcm-wrong-project',
    sentence: 'The configured FCM project does not exist.',
  },
  {
    when: ({ status, vendorCode }) => vendorCode === 'UNAVAILABLE' || status === 503,
    outcome: 'temporary',
    code: 'fcm-unavailable',
    sentence: 'FCM is not available.',
  },
  {
    when: ({ status, mayHaveBeenSent }) => status === null && !mayHaveBeenSent,
    outcome: 'temporary',
    code: 'fcm-unreachable',
    sentence: 'FCM could not be reached; nothing was sent.',
  },
  {
    when: ({ status, outOfTime }) => status === null && outOfTime,
    outcome: 'ambiguous',
    code: 'fcm-timeout',
    sentence: 'FCM did not answer in time; the push may have been sent.',
  },
  {
    when: ({ status }) => status === null,
    outcome: 'ambiguous',
    code: 'fcm-answer-lost',
    sentence: 'The connection to FCM broke; the push may have been sent.',
  },
  {
    when: () => true,
    outcome: 'ambiguous',
    code: 'fcm-server-error',
    sentence: 'FCM failed while it handled the push; it may have been sent.',
  },
]

/** Codes of the SDK's own checks, made before anything is sent. */
function isMalformed(vendorCode: KnownFailure['vendorCode']): boolean {
  return ['messaging/invalid-argument', 'messaging/invalid-payload', 'messaging/invalid-options'].includes(
    String(vendorCode),
  )
}

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError'

const sdkError = z.object({
  code: z.string(),
  httpResponse: z.object({ status: z.int(), headers: z.unknown().optional(), data: z.unknown().optional() }).optional(),
})
const answerBody = z.object({
  error: z.object({ details: z.array(z.object({ '@type': z.string(), errorCode: z.string().optional() })) }),
})

function fcmCode(body: unknown): string | undefined {
  const details = answerBody.safeParse(body).data?.error.details ?? []
  return details.find(detail => detail['@type'] === FCM_ERROR)?.errorCode
}

/** The answer for a push that failed. */
export function translate(error: unknown): Refusal {
  const { data } = sdkError.safeParse(error instanceof CallFailure ? error.vendorError : error)
  const failure: KnownFailure = {
    ...boundsOf(error),
    status: data?.httpResponse?.status ?? null,
    vendorCode: fcmCode(data?.httpResponse?.data) ?? data?.code ?? null,
    retryAfterMs: retryAfterMs(data?.httpResponse?.headers, new Date()),
  }
  const row = fcmTable.find(({ when }) => when(failure))
  return { error: outcomeOf(fcmTable, failure), device: row?.device ?? 'kept' }
}
