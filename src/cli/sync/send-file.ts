import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { bodyOf, linesOf } from '../../client/event-stream.ts'
import { pause } from '../../client/pause.ts'
import { JobsProblem, JobsUnreachable, problemBodyOf } from '../../client/problem.ts'
import { mayPass } from '../../client/retrying.ts'
import type { Transport } from '../../client/transport.ts'
import { CommandFailed } from '../command.ts'

const retryEveryMs = 2_000
/** Without any progress. A process that was killed holds its sync for half a minute. */
const patienceMs = 120_000

const count = z.int().min(0)
const counts = z.object({ lines: count, stored: count, unchanged: count, outdated: count, refused: count })
const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  errors: z.array(z.object({ field: z.string(), rule: z.string(), message: z.string() })).optional(),
})
const told = z.union([
  z.object({ resumed_after_line: count }),
  z.object({ line: count, status: z.literal('refused'), problem }),
  z.object({ progress: counts }),
  counts.extend({ done: z.boolean(), problem: problem.optional() }),
])

/** How far a sync is. */
export type SyncCounts = z.output<typeof counts>
/** A line that was refused, and why. */
export type RefusedLine = Extract<z.output<typeof told>, { readonly line: number }>

/** What is heard while a file is sent. */
export interface Heard {
  readonly onProgress: (counts: SyncCounts) => void
  readonly onRefused: (line: RefusedLine) => void
}

interface Sending {
  readonly name: string
  readonly path: string
  readonly restart: boolean
  readonly signal: AbortSignal
}

/**
 * Sends the lines of a file as a sync, and again after each cut, until all of it is committed. Throws CommandFailed saying
 * why not, JobsProblem, or JobsUnreachable when nothing went on for two minutes.
 */
export async function sendFile(transport: Transport, asked: Sending, heard: Heard): Promise<SyncCounts> {
  let sending = asked
  let reached = 0
  let movedMs = performance.now()
  const onProgress = (now: SyncCounts) => {
    // The server has taken it up: from here on it is to go on, not to begin anew.
    sending = { ...sending, restart: false }
    if (now.lines > reached) movedMs = performance.now()
    reached = now.lines
    heard.onProgress(now)
  }
  for (;;) {
    try {
      return await sendOnce(transport, sending, { ...heard, onProgress })
    } catch (error) {
      asked.signal.throwIfAborted()
      if (!goesOn(error) || performance.now() - movedMs > patienceMs) throw error
      await pause(error instanceof JobsProblem ? (error.retryAfterMs ?? retryEveryMs) : retryEveryMs, asked.signal)
    }
  }
}

function goesOn(error: unknown): boolean {
  return mayPass(error, 'safe') || (error instanceof JobsProblem && error.code === 'sync-running')
}

async function sendOnce(
  transport: Transport,
  { name, path, restart, signal }: Sending,
  { onProgress, onRefused }: Heard,
): Promise<SyncCounts> {
  const file = createReadStream(path)
  try {
    const body: ReadableStream<Uint8Array> = Readable.toWeb(file)
    const address = `/v1/sync?name=${name}${restart ? '&restart=true' : ''}`
    const call = { method: 'POST', path: address, body, contentType: 'application/x-ndjson', repeat: 'safe' } as const
    const response = await transport.open({ ...call, headers: { accept: 'application/x-ndjson' } }, signal)
    for await (const text of unlessCut(linesOf(bodyOf(response), /\n/))) {
      const line = told.parse(JSON.parse(text))
      if ('line' in line) onRefused(line)
      else if ('progress' in line) onProgress(line.progress)
      else if ('done' in line) {
        onProgress(line)
        if (line.done) return line
        if (line.problem) throw new JobsProblem(problemBodyOf(line.problem.status, line.problem))
      }
    }
    throw new JobsUnreachable('the answer broke off', {})
  } finally {
    file.destroy()
  }
}

async function* unlessCut(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines
  } catch (cause) {
    throw new JobsUnreachable('the connection broke off', { cause })
  }
}

/** What a refused line is told as. */
export function refusedText({ line, problem: why }: RefusedLine): string {
  const faults = (why.errors ?? []).map(({ field, message }) => `${field} ${message}`.trim())
  return `line ${line}: ${[why.title, why.detail, ...faults].filter(Boolean).join('; ')}`
}

/** Why a sync did not end, and what to do. */
export function failureOf(error: unknown): unknown {
  if (error instanceof JobsProblem || error instanceof JobsUnreachable) {
    return new CommandFailed(`${error.message}\nWhat was committed stays: the same command goes on from there.`)
  }
  return error
}
