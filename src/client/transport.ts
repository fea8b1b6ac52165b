import { parsed } from './json.ts'
import { retryAfterMsOf } from './pause.ts'
import { JobsProblem, JobsUnreachable, problemBodyOf } from './problem.ts'
import { type Repeat, retrying } from './retrying.ts'

const defaultDeadlineMs = 30_000
const defaultAttemptMs = 10_000

/** Where the service is and how to speak to it. */
export interface ClientOptions {
  /** Its public address, such as `https://jobs.example.com`. */
  readonly url: string
  /** An API key: `hbnb_…`. */
  readonly key: string
  /** Instead of the global one. */
  readonly fetch?: typeof globalThis.fetch
  /** How long one call may take with all its retries; 30 s unless told. */
  readonly deadlineMs?: number
  /** How long one attempt may take before it counts as lost; 10 s unless told. */
  readonly attemptMs?: number
}

/** Of any one call. */
export interface CallOptions {
  readonly signal?: AbortSignal
  /** For this call instead of the client's. */
  readonly deadlineMs?: number
}

/** One request. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With its query, encoded. */
  readonly path: string
  /** A stream is sent as it comes, and once. */
  readonly body?: string | ReadableStream<Uint8Array>
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly repeat: Repeat
  readonly idempotencyKey?: string | undefined
  /** The service was asked to hold its answer this long: attempts get as much more time. */
  readonly heldMs?: number
}

/** An answer read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** Undefined when there is none. */
  readonly body: unknown
}

/** The one place that talks HTTP. */
export interface Transport {
  readonly deadlineMs: number
  readonly attemptMs: number
  /** Sends with retries and reads the answer. Throws {@link JobsProblem}, {@link JobsUnreachable} or the signal's reason. */
  readonly call: (call: Call, options?: CallOptions) => Promise<Answer>
  /** Sends once and leaves the body to be read as it comes; `signal` also ends that. */
  readonly open: (call: Call, signal: AbortSignal) => Promise<Response>
}

export function createTransport({ url, key, ...options }: ClientOptions): Transport {
  const { fetch = globalThis.fetch, deadlineMs = defaultDeadlineMs, attemptMs = defaultAttemptMs } = options
  const { origin, pathname } = new URL(url)
  const base = origin + pathname.replace(/\/+$/, '')

  async function open(call: Call, signal: AbortSignal): Promise<Response> {
    const { idempotencyKey } = call
    const headers = new Headers({ accept: 'application/json', authorization: `Bearer ${key}`, ...call.headers })
    if (call.body !== undefined) headers.set('content-type', call.contentType ?? 'application/json')
    if (idempotencyKey !== undefined) headers.set('idempotency-key', idempotencyKey)
    // A redirect would turn a POST into a GET, or carry the job somewhere else.
    const common = { method: call.method, headers, redirect: 'manual', signal } as const
    const body = call.body ?? null
    const init =
      typeof body === 'object' && body !== null ? { ...common, body, duplex: 'half' as const } : { ...common, body }
    const response = await unlessLost(call, () => fetch(base + call.path, init))
    if (response.ok) return response
    const text = await unlessLost(call, () => response.text())
    const retryAfterMs = retryAfterMsOf(response.headers)
    throw new JobsProblem(problemBodyOf(response.status, parsed(text)), { retryAfterMs, idempotencyKey })
  }

  async function attempt(call: Call, signal: AbortSignal): Promise<Answer> {
    const response = await open(call, signal)
    const text = await unlessLost(call, () => response.text())
    const body = parsed(text)
    if (text !== '' && body === undefined) throw new JobsProblem(problemBodyOf(response.status, undefined))
    return { status: response.status, headers: response.headers, body }
  }

  return {
    deadlineMs,
    attemptMs,
    open,
    call: (call, { signal, deadlineMs: ownMs } = {}) =>
      retrying(
        async leftMs => {
          const timeout = AbortSignal.timeout(Math.ceil(Math.min(leftMs, attemptMs + (call.heldMs ?? 0))))
          return await attempt(call, signal === undefined ? timeout : AbortSignal.any([signal, timeout]))
        },
        { repeat: call.repeat, deadlineMs: ownMs ?? deadlineMs, signal },
      ),
  }
}

/** Whatever fetch throws is a connection that failed, broke or took too long. */
async function unlessLost<T>({ method, path, idempotencyKey }: Call, step: () => Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (cause) {
    // The query may hold what callers write there; an address does not need it to be known again.
    const message = `${method} ${path.split('?')[0]} got no answer`
    throw new JobsUnreachable(message, { cause, idempotencyKey })
  }
}
