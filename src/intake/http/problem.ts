/**
 * Every refusal this service answers, as RFC 9457 problem types. The table is closed: an answer that is not in it is a
 * bug. `/problems/<code>` is the type URI, and is served.
 */
export const problems = {
  'bad-request': { status: 400, title: 'The request could not be read' },
  'bad-json': { status: 400, title: 'The body is not JSON' },
  'invalid-option': { status: 400, title: 'A query option is unknown or not valid' },
  'invalid-idempotency-key': { status: 400, title: 'The Idempotency-Key is not valid' },
  'no-api-key': { status: 401, title: 'An API key is required' },
  'bad-api-key': { status: 401, title: 'The API key is not known' },
  'not-signed-in': { status: 401, title: 'This needs somebody who is signed in' },
  'invalid-signature': { status: 401, title: 'The signature is missing or wrong' },
  'stale-timestamp': { status: 401, title: 'The signed timestamp is too old or too new' },
  'scope-missing': { status: 403, title: 'The API key does not allow this' },
  'role-missing': { status: 403, title: 'Your role does not allow this' },
  'closed-job': { status: 403, title: 'This job type is not open to callers' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'unknown-job': { status: 404, title: 'There is no job type of this name' },
  'no-such-job': { status: 404, title: 'There is no job of this id' },
  'method-not-allowed': { status: 405, title: 'This address does not take this method' },
  'request-in-flight': { status: 409, title: 'A request with this Idempotency-Key is still being handled' },
  'idempotency-needs-ledger': { status: 400, title: 'Jobs that only the queue keeps take no Idempotency-Key' },
  'queue-away': { status: 503, title: 'The queue does not answer; nothing was taken' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'rate-limited': { status: 429, title: 'This API key has asked too often' },
  'unsupported-media-type': { status: 415, title: 'The body is not of a supported type or encoding' },
  'invalid-payload': { status: 422, title: 'The payload is not valid' },
  'invalid-event': { status: 422, title: 'The event is not valid' },
  'event-id-reused': { status: 422, title: 'This event id was used for another event' },
  'idempotency-key-reused': { status: 422, title: 'This Idempotency-Key was used for another request' },
  'batch-closed': { status: 409, title: 'The batch takes no more jobs' },
  'no-such-story': { status: 404, title: 'Nothing is known of this' },
  'no-such-schedule': { status: 404, title: 'There is no schedule of this key' },
  'job-ended': { status: 409, title: 'The job has ended already' },
  'job-not-retryable': { status: 409, title: 'The job cannot be retried' },
  'schedule-of-contract': { status: 409, title: 'The schedule belongs to a job type' },
  'schedule-key-taken': { status: 409, title: 'The key of the schedule is taken' },
  'too-many-schedules': { status: 409, title: 'There are too many schedules' },
  'invalid-schedule': { status: 422, title: 'The schedule is not valid' },
  'too-many-streams': { status: 429, title: 'Too many event streams are open' },
  'no-such-batch': { status: 404, title: 'There is no batch of this id' },
  'no-such-entity': { status: 404, title: 'Nothing of this id is in the mirror' },
  'user-not-found': { status: 404, title: 'There is no user of this id in the mirror' },
  'invalid-entity': { status: 422, title: 'The entity is not valid' },
  'version-reused': { status: 409, title: 'This version of the entity was told before, with other content' },
  'live-only': { status: 403, title: 'Test keys cannot change what is live' },
  'mirror-is-a-view': { status: 409, title: 'These entities are read from tables of the platform itself' },
  'no-such-notification': { status: 404, title: 'There is no notification of this id' },
  'no-such-broadcast': { status: 404, title: 'There is no broadcast of this id' },
  'no-such-sync': { status: 404, title: 'There is no sync of this name' },
  'sync-running': { status: 409, title: 'Lines of this sync are being taken in' },
  'sync-differs': { status: 409, title: 'These are not the lines that were sent before' },
  'sync-interrupted': { status: 503, title: 'The sync was interrupted, and can go on' },
  'no-such-event': { status: 404, title: 'There is no event of this id' },
  'event-in-work': { status: 409, title: 'The event is still being reacted to' },
  'nothing-reacts': { status: 409, title: 'Nothing reacts to events of this kind' },
  'too-many-events': { status: 409, title: 'These are too many events' },
  'too-many-waiting': { status: 429, title: 'Too much waits in this queue' },
  overloaded: { status: 503, title: 'This process has too much in hand' },
  'internal-error': { status: 500, title: 'Something went wrong here' },
  'domain-absent': { status: 501, title: 'This deployment does not serve this domain' },
  'sandbox-absent': { status: 501, title: 'Test keys need a sandbox, and this deployment has none' },
  'database-away': { status: 503, title: 'The database is not available' },
  'not-ready': { status: 503, title: 'This process is not ready' },
} as const satisfies Record<string, { status: number; title: string }>

export type ProblemCode = keyof typeof problems

/** One field that was refused. `field` is an RFC 6901 pointer into the body, or the bare name of a query option. */
export interface FieldFault {
  readonly field: string
  readonly rule: string
  readonly message: string
}

/** Members of a problem beside those of the table. They are shown to callers: no personal data, no internals. */
export interface ProblemDetails {
  readonly detail?: string
  readonly errors?: readonly FieldFault[]
  readonly [extension: string]: unknown
}

/** A refusal on its way to the caller; thrown by handlers, answered by `answerErrors`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly details: ProblemDetails
  readonly headers: Readonly<Record<string, string>>

  constructor(code: ProblemCode, details: ProblemDetails = {}, headers: Readonly<Record<string, string>> = {}) {
    super(details.detail ?? problems[code].title)
    this.code = code
    this.details = details
    this.headers = headers
  }
}

/** The body of a problem: `instance` names this one occurrence, and is the request's id in the log. */
export function problemBody({ code, details }: Problem, instance: string): Record<string, unknown> {
  const { status, title } = problems[code]
  return { type: `/problems/${code}`, title, status, ...details, instance }
}
