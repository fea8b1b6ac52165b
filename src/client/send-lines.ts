import { bodyOf, linesOf } from './event-stream.ts'
import { idleSignal } from './idle-signal.ts'
import { isRecord, parsed } from './json.ts'
import { pause, pauseMs } from './pause.ts'
import { JobsProblem, JobsUnreachable, type ProblemBody, problemBodyOf } from './problem.ts'
import { mayPass, retrying } from './retrying.ts'
import type { Transport } from './transport.ts'

/** What became of one line. `unknown`: the answer was lost, and without a key it cannot be asked for again. */
export type LineOutcome =
  | { readonly status: 'accepted' | 'replayed'; readonly id: string }
  | { readonly status: 'refused'; readonly problem: ProblemBody }
  | { readonly status: 'unknown' }

/** One line of a bulk request. */
export interface Line {
  readonly json: string
  /** It carries a key, so that sending it again cannot double it. */
  readonly isSafe: boolean
}

export interface SendingBounds {
  /** With the options that count for all lines. */
  readonly path: string
  /** Counts anew whenever an outcome has come. */
  readonly deadlineMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Sends lines as NDJSON until each has its outcome, and answers those in order. After a cut only the lines that have none
 * are sent again; so are lines that were refused for a reason that passes.
 */
export async function sendLines(
  transport: Transport,
  lines: readonly Line[],
  { path, deadlineMs, signal }: SendingBounds,
): Promise<LineOutcome[]> {
  const outcomes = new Map<Line, LineOutcome>()
  const send = () => sendOnce(transport, path, open, outcomes, signal)
  let open = lines
  while (open.length > 0) {
    await retrying(send, { repeat: 'safe', deadlineMs, signal })
    open = lines.filter(line => !outcomes.has(line))
    if (open.length > 0) await pause(pauseMs(2, null), signal)
  }
  return lines.map(line => outcomes.get(line) ?? { status: 'unknown' })
}

/** One request. Throws when no line got an outcome by it. */
async function sendOnce(
  transport: Transport,
  path: string,
  lines: readonly Line[],
  outcomes: Map<Line, LineOutcome>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const before = outcomes.size
  const idle = idleSignal(transport.attemptMs)
  let failure: Error = new JobsUnreachable('the answer ended before its first outcome', {})
  try {
    const ends = signal === undefined ? idle.signal : AbortSignal.any([signal, idle.signal])
    const body = lines.map(({ json }) => `${json}\n`).join('')
    const call = { method: 'POST', path, body, contentType: 'application/x-ndjson', repeat: 'safe' } as const
    const response = await transport.open({ ...call, headers: { accept: 'application/x-ndjson' } }, ends)
    for await (const text of linesOf(bodyOf(response), /\n/, idle.beat)) {
      const { line, outcome } = outcomeIn(text, lines)
      const problem = outcome?.status === 'refused' ? new JobsProblem(outcome.problem) : undefined
      if (problem && mayPass(problem, line?.isSafe === false ? 'once' : 'safe')) failure = problem
      else if (line && outcome) outcomes.set(line, outcome)
    }
  } catch (error) {
    const [alone, other] = lines
    if (error instanceof JobsProblem && error.status === 413 && alone && !other) {
      outcomes.set(alone, { status: 'refused', problem: error.body })
      return
    }
    const isRefusal = error instanceof JobsProblem && (mayPass(error, 'once') || !mayPass(error, 'safe'))
    if (isRefusal && outcomes.size === before) throw error
    failure = error instanceof Error ? error : failure
    // A broken connection, or a gateway that speaks for a service it lost: what has no key may or may not have been taken.
    for (const line of lines) if (!line.isSafe && !outcomes.has(line)) outcomes.set(line, { status: 'unknown' })
  } finally {
    idle.end()
  }
  if (outcomes.size > before) return
  throw failure instanceof JobsProblem || failure instanceof JobsUnreachable
    ? failure
    : new JobsUnreachable('the answer broke off', { cause: failure })
}

/** `{line, status, id | problem}`, counted from 1. The last, `{done, …}`, is of no line; with a problem the rest was not read. */
function outcomeIn(text: string, lines: readonly Line[]): { line?: Line | undefined; outcome?: LineOutcome } {
  const told = parsed(text)
  if (!isRecord(told)) return {}
  const line = lines[Number(told['line']) - 1]
  const { status, id, problem } = told
  if ((status === 'accepted' || status === 'replayed') && typeof id === 'string')
    return { line, outcome: { status, id } }
  if (!isRecord(problem)) return { line }
  return { line, outcome: { status: 'refused', problem: problemBodyOf(Number(problem['status']), problem) } }
}
