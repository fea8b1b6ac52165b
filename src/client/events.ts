import { bodyOf, readEventStream } from './event-stream.ts'
import { idleSignal } from './idle-signal.ts'
import { isRecord, parsed } from './json.ts'
import { pause, pauseMs } from './pause.ts'
import { JobsProblem, JobsUnreachable } from './problem.ts'
import { mayPass } from './retrying.ts'
import { idOf, type Job, type JobRef, type JobState } from './shapes.ts'
import type { Call, Transport } from './transport.ts'

/** The service comments every 15 s: after three that did not come the connection is dead, whatever TCP says. */
const deadAfterMs = 45_000

interface Happened {
  /** Give it as `lastEventId` to go on after this event. */
  readonly eventId: string
  readonly id: string
  /** RFC 3339. */
  readonly at: string
}

/** The job is in another state, says how far it is, or has ended; `end` is the last event. */
interface Changed extends Happened {
  readonly type: 'state' | 'progress' | 'end'
  readonly state: JobState
  readonly attempts: number
  readonly error?: NonNullable<Job['error']>
  readonly reason?: string
  readonly result?: unknown
  readonly progress?: NonNullable<Job['progress']>
}

/** One of its attempts wrote a line. */
interface Logged extends Happened {
  readonly type: 'log'
  readonly level: 'info' | 'warn' | 'error'
  readonly message: string
}

/** One thing that happened to a job. */
export type JobEvent = Changed | Logged

export interface EventsOptions {
  readonly signal?: AbortSignal | undefined
  /** Go on after this event; unless told the first event is the state as it is. */
  readonly lastEventId?: string | undefined
}

/**
 * Follows a job to its end, across cut connections and restarts: what was missed is asked for. Throws the signal's reason,
 * `JobsProblem` when the service refuses, `JobsUnreachable` when it was away for the client's deadline.
 */
export async function* followEvents(
  transport: Transport,
  job: JobRef,
  { signal, lastEventId = '' }: EventsOptions = {},
): AsyncGenerator<JobEvent, void, undefined> {
  let last = lastEventId
  let failures = 0
  let aliveMs = performance.now()
  for (;;) {
    const connection = idleSignal(deadAfterMs)
    try {
      const ends = signal === undefined ? connection.signal : AbortSignal.any([signal, connection.signal])
      const response = await transport.open(streamCall(job, last), ends)
      // It has ended, and the event that was named was its last.
      if (response.status === 204) return
      for await (const { id, event, data } of readEventStream(bodyOf(response), connection.beat)) {
        aliveMs = performance.now()
        failures = 0
        last = id
        const happened = eventOf(event, id, data)
        if (happened === undefined) continue
        yield happened
        if (happened.type === 'end') return
        aliveMs = performance.now()
      }
      throw new Error('the stream ended before the job')
    } catch (error) {
      signal?.throwIfAborted()
      if (error instanceof RangeError || (error instanceof JobsProblem && !mayPass(error, 'safe'))) throw error
      failures += 1
      const ms = pauseMs(failures + 1, error instanceof JobsProblem ? error.retryAfterMs : null)
      const awayMs = performance.now() - Math.max(aliveMs, connection.lastBeatMs())
      if (awayMs + ms >= transport.deadlineMs) throw asOurs(error)
      await pause(ms, signal)
    } finally {
      connection.end()
    }
  }
}

function streamCall(job: JobRef, last: string): Call {
  const headers = { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) }
  return { method: 'GET', path: `/v1/jobs/${idOf(job)}/events`, headers, repeat: 'safe' }
}

const types: ReadonlySet<string> = new Set<JobEvent['type']>(['state', 'progress', 'log', 'end'])

/** Kinds that a newer service may know are passed over. */
function eventOf(type: string, eventId: string, data: string): JobEvent | undefined {
  const members = parsed(data)
  if (!types.has(type) || !isRecord(members)) return undefined
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the service describes is what it answers.
  return { ...members, type, eventId } as JobEvent
}

function asOurs(error: unknown): Error {
  if (error instanceof JobsProblem || error instanceof JobsUnreachable) return error
  return new JobsUnreachable('the stream of events broke off and did not come back', { cause: error })
}
