import type { Answer } from '../answer.ts'

/** Codes of FCM v1 (docs: https://firebase.google.com/docs/reference/fcm/rest/v1/ErrorCode). */
interface FcmRefusal {
  readonly status: number
  /** google.rpc.Code by name. */
  readonly canonical: string
  /** FcmError detail; absent on errors that do not come from FCM itself. */
  readonly errorCode?: string
  readonly message: string
  readonly retryAfterSeconds?: number
}

export const UNAUTHENTICATED: FcmRefusal = {
  status: 401,
  canonical: 'UNAUTHENTICATED',
  message: 'Request had invalid authentication credentials.',
}

export const INVALID: FcmRefusal = {
  status: 400,
  canonical: 'INVALID_ARGUMENT',
  errorCode: 'INVALID_ARGUMENT',
  message: 'The message is not a valid one.',
}

/** What becomes of a message, by how its token begins; every other token takes it. */
export const REFUSED_TOKENS: readonly (FcmRefusal & { readonly prefix: string })[] = [
  {
    prefix: 'dead-',
    status: 404,
    canonical: 'NOT_FOUND',
    errorCode: 'UNREGISTERED',
    message: 'Requested entity was not found.',
  },
  {
    prefix: 'foreign-',
    status: 403,
    canonical: 'PERMISSION_DENIED',
    errorCode: 'SENDER_ID_MISMATCH',
    message: 'SenderId mismatch',
  },
  {
    prefix: 'denied-',
    status: 403,
    canonical: 'PERMISSION_DENIED',
    message: "Permission 'cloudmessaging.messages.create' denied",
  },
  { prefix: 'lost-project-', status: 404, canonical: 'NOT_FOUND', message: 'Requested entity was not found.' },
  { prefix: 'malformed-', ...INVALID },
  {
    prefix: 'busy-',
    status: 429,
    canonical: 'RESOURCE_EXHAUSTED',
    errorCode: 'QUOTA_EXCEEDED',
    message: 'Sending limit exceeded for the message target.',
    retryAfterSeconds: 5,
  },
  {
    prefix: 'apns-',
    status: 401,
    canonical: 'UNAUTHENTICATED',
    errorCode: 'THIRD_PARTY_AUTH_ERROR',
    message: 'Auth error from APNS',
  },
  {
    prefix: 'down-',
    status: 503,
    canonical: 'UNAVAILABLE',
    errorCode: 'UNAVAILABLE',
    message: 'The service is unavailable.',
  },
  {
    prefix: 'broken-',
    status: 500,
    canonical: 'INTERNAL',
    errorCode: 'INTERNAL',
    message: 'Internal error encountered.',
  },
]

const FAULTS: Readonly<Record<number, { canonical: string; errorCode?: string }>> = {
  400: INVALID,
  401: UNAUTHENTICATED,
  403: { canonical: 'PERMISSION_DENIED' },
  404: { canonical: 'NOT_FOUND' },
  429: { canonical: 'RESOURCE_EXHAUSTED', errorCode: 'QUOTA_EXCEEDED' },
  500: { canonical: 'INTERNAL', errorCode: 'INTERNAL' },
  503: { canonical: 'UNAVAILABLE', errorCode: 'UNAVAILABLE' },
}

export function refused(refusal: FcmRefusal): Answer {
  const { status, canonical, errorCode, message, retryAfterSeconds } = refusal
  const detail = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError', errorCode }
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) },
    body: { error: { code: status, message, status: canonical, details: errorCode === undefined ? [] : [detail] } },
  }
}

/** FCM's usual error body for a status. */
export const errorBody = (status: number): unknown =>
  refused({ status, message: `Sandbox fault ${status}`, ...(FAULTS[status] ?? { canonical: 'UNKNOWN' }) }).body
