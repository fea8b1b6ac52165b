import type { Request, Response } from 'express'
import { validate } from 'uuid'
import { z } from 'zod'
import { findJobChanges, type JobView } from '../../ledger/job-changes.ts'
import { findJobStanding } from '../../ledger/status.ts'
import { eventsOfJob, eventText, hasEnded } from '../events/job-events.ts'
import { streamLimits, streamPlaces } from '../events/stream-places.ts'
import { jobState, storedError } from '../http/job-shapes.ts'
import { Problem } from '../http/problem.ts'
import type { Route } from '../http/route.ts'
import { visibleTenant } from '../http/visible-tenant.ts'
import type { Intake } from '../intake.ts'

const heartbeatMs = 15_000
/** The key is asked for again now and then: the caller goes on with Last-Event-ID. */
const longestStreamMs = 3_600_000
const reconnectAfterMs = 1_000
/** A caller that reads this much too slowly is cut off; it too can go on. */
const maxBufferedBytes = 262_144

const eventData = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  state: jobState.optional().describe('of state, progress and end'),
  attempts: z.int().optional(),
  error: storedError.optional(),
  reason: z.string().optional(),
  result: z.unknown().describe('of end'),
  progress: z.object({ done: z.number(), total: z.number(), message: z.string().optional() }).optional(),
  level: z.enum(['info', 'warn', 'error']).optional().describe('of log'),
  message: z.string().optional().describe('of log'),
})

/** What a job goes through, as server-sent events. */
export function jobEventsRoute(intake: Intake): Route {
  const { run, authorize } = intake
  const takePlace = streamPlaces(streamLimits)
  return {
    method: 'get',
    path: '/v1/jobs/{id}/events',
    operations: {
      '/v1/jobs/{id}/events': {
        id: 'followJob',
        tag: 'jobs',
        summary: 'Follow a job',
        about:
          'Server-sent events: state, progress, log, and end with the result. Begins with the job as it is now, or after ' +
          'the event that Last-Event-ID names; a comment every 15 s shows that the stream lives.',
        scope: 'jobs:read',
        parameters: [
          {
            name: 'Last-Event-ID',
            in: 'header',
            about: 'The id of the last event the caller has had; anything that is no such id counts as none.',
            schema: z.string().optional(),
          },
        ],
        body: null,
        answer: {
          status: 200,
          about: 'The events, until the job has ended.',
          schema: eventData,
          mediaType: 'text/event-stream',
        },
        otherAnswers: [{ status: 204, about: 'The job has ended, and the caller has had its end.', schema: null }],
        problems: ['no-such-job', 'too-many-streams'],
      },
    },
    async handler(request, response) {
      const caller = await authorize(request, 'jobs:read')
      const id = String(request.params['id']).toLowerCase()
      const standing = validate(id) ? await findJobStanding(run, id) : undefined
      const tenant = visibleTenant(caller)
      if (!standing || (tenant !== undefined && standing.tenant !== tenant)) throw new Problem('no-such-job')
      const lastNumber = lastEventOf(request)
      const [now] = await findJobChanges(run, [{ id, state: '', changeUs: 0, lineUs: Number.MAX_SAFE_INTEGER }])
      if (now && hasEnded(now) && now.changeUs <= lastNumber) {
        response.status(204).end()
        return
      }
      // A caller that is gone already would never leave.
      if (response.destroyed) return
      const leave = takePlace(caller.id)
      response.once('close', leave)
      stream(intake, request, response, { id, lastNumber })
    },
  }
}

/** Event ids are times in µs since 1970. */
function lastEventOf(request: Request): number {
  const text = request.get('last-event-id') ?? ''
  return /^[0-9]{1,16}$/.test(text) ? Math.min(Number(text), Number.MAX_SAFE_INTEGER) : 0
}

function stream(
  { watch, stopping }: Intake,
  request: Request,
  response: Response,
  { id, lastNumber }: { readonly id: string; readonly lastNumber: number },
): void {
  response.status(200).set({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies of the nginx family would hold events back.
    'x-accel-buffering': 'no',
  })
  if (request.method === 'HEAD') {
    response.end()
    return
  }
  response.write(`retry: ${reconnectAfterMs}\n\n`)
  const eventsOf = eventsOfJob(lastNumber)
  const end = () => void response.end()
  const leave = watch.follow(id, view => tell(view))
  const heartbeat = setInterval(() => write(': the stream lives\n\n'), heartbeatMs)
  const longest = setTimeout(end, longestStreamMs)
  if (stopping.aborted) end()
  stopping.addEventListener('abort', end, { once: true })
  response.once('close', () => {
    leave()
    clearInterval(heartbeat)
    clearTimeout(longest)
    stopping.removeEventListener('abort', end)
  })

  function tell(view: JobView): void {
    const events = view.state === 'gone' ? [] : eventsOf(view)
    if (events.length > 0) write(events.map(eventText).join(''))
    if (view.state === 'gone' || hasEnded(view)) end()
  }
  function write(text: string): void {
    if (response.writableEnded) return
    if (response.writableLength > maxBufferedBytes) response.destroy()
    else response.write(text)
  }
}
