import { finalStates } from '../../ledger/status.ts'
import type { JobView } from '../../ledger/job-changes.ts'

/** One server-sent event. Numbers only rise within a job, also from one process to another. */
export interface JobEvent {
  readonly number: number
  readonly event: 'state' | 'progress' | 'log' | 'end'
  readonly data: Readonly<Record<string, unknown>>
}

/** Whether a job has come to its end. */
export function hasEnded({ state }: Pick<JobView, 'state'>): boolean {
  return finalStates.some(final => final === state)
}

/**
 * Tells views of one job as events, each once. `lastNumber` is that of the last event the caller has had (0: none). An
 * event's number is the time of what it tells, in µs, so that a caller can go on where it was on any process.
 */
export function eventsOfJob(lastNumber: number): (view: JobView) => JobEvent[] {
  let last = lastNumber
  let told = ''
  let toldProgress = ''

  function numbered(us: number): number {
    last = Math.max(last + 1, Math.round(us))
    return last
  }

  function stateEvent(view: JobView): JobEvent[] {
    const { id, state, attempts, changeUs, error, reason, result, progress } = view
    const known = JSON.stringify([state, attempts, error])
    const knownProgress = JSON.stringify(progress)
    // A caller that goes on has seen what was before its last event.
    const isNews = told === '' ? changeUs > lastNumber : known !== told
    const isProgress = told !== '' && knownProgress !== toldProgress
    told = known
    toldProgress = knownProgress
    if (!isNews && !isProgress) return []
    const data = {
      id,
      state,
      attempts,
      at: isoOf(changeUs),
      ...(error === null ? {} : { error }),
      ...(reason === null ? {} : { reason }),
      ...(hasEnded(view) ? { result } : {}),
      ...(progress === null ? {} : { progress }),
    }
    const event = hasEnded(view) ? 'end' : isNews ? 'state' : 'progress'
    return [{ number: numbered(changeUs), event, data }]
  }

  function lineEvents({ id, lines, changeUs, nowUs }: JobView, isOver: boolean): JobEvent[] {
    // A worker's clock may be ahead: no line may take a number that belongs to what comes after it.
    const latestUs = isOver ? changeUs - lines.length : nowUs
    return lines
      .filter(({ atUs }) => atUs > lastNumber)
      .map(({ atUs, level, message }) => ({
        number: numbered(Math.min(atUs, latestUs)),
        event: 'log' as const,
        data: { id, level, message, at: isoOf(atUs) },
      }))
  }

  return view => {
    const isOver = hasEnded(view)
    return isOver
      ? [...lineEvents(view, isOver), ...stateEvent(view)]
      : [...stateEvent(view), ...lineEvents(view, isOver)]
  }
}

function isoOf(us: number): string {
  return new Date(us / 1_000).toISOString()
}

/** An event as text/event-stream has it. */
export function eventText({ number, event, data }: JobEvent): string {
  return `id: ${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
