import type { Response } from 'express'
import { type Problem, problemBody, problems } from '../http/problem.ts'
import { maxUnreadBytes } from '../lines/begin-lines.ts'
import type { ItemOutcome } from './accept-item.ts'

interface OpenLine {
  readonly line: number
  readonly bytes: number
  outcome: ItemOutcome | undefined
}

/** Lines whose jobs are on their way; each is answered when it and all before it are settled. */
export interface OpenLines {
  readonly counts: Readonly<Record<ItemOutcome['status'], number>>
  /** What the next lines would meet too, once it was met. */
  readonly fatal: () => Problem | undefined
  /** Nobody reads the answers any more. */
  readonly isGone: () => boolean
  readonly begin: (line: number, bytes: number, outcome: Promise<ItemOutcome>) => void
  /** Waits until no more than this is open and the caller has read most of what it was told. */
  readonly untilFree: (limits: { readonly lines: number; readonly bytes: number }) => Promise<void>
}

function nothing(): void {}

/** Writes the answers of a stream, in the order of its lines. */
export function openLines(response: Response, instance: string): OpenLines {
  const counts = { accepted: 0, replayed: 0, refused: 0 }
  const open: OpenLine[] = []
  const state = { bytes: 0, isDue: false, isGone: false, fatal: undefined as Problem | undefined, wake: nothing }

  function answerSettled(): void {
    state.isDue = false
    const unsettled = open.findIndex(({ outcome }) => outcome === undefined)
    const settled = open.splice(0, unsettled < 0 ? open.length : unsettled)
    const text = settled.map(one => textOf(one)).join('')
    if (text !== '' && !state.isGone) response.write(text)
    state.wake()
  }
  function textOf({ line, bytes, outcome }: OpenLine): string {
    state.bytes -= bytes
    if (outcome === undefined) return ''
    const { status } = outcome
    counts[status] += 1
    if (outcome.status !== 'refused') return `${JSON.stringify({ line, status, id: outcome.id })}\n`
    const { problem } = outcome
    if (problems[problem.code].status === 503) state.fatal ??= problem
    return `${JSON.stringify({ line, status, problem: problemBody(problem, instance) })}\n`
  }
  async function settle(one: OpenLine, outcome: Promise<ItemOutcome>): Promise<void> {
    one.outcome = await outcome
    if (state.isDue) return
    state.isDue = true
    // Answers of one commit are written together.
    setImmediate(answerSettled)
  }

  response.on('drain', () => state.wake())
  response.once('close', () => {
    state.isGone = true
    state.wake()
  })

  return {
    counts,
    fatal: () => state.fatal,
    isGone: () => state.isGone,
    begin(line, bytes, outcome) {
      const one: OpenLine = { line, bytes, outcome: undefined }
      open.push(one)
      state.bytes += bytes
      void settle(one, outcome)
    },
    async untilFree(limits) {
      const isFree = () =>
        open.length <= limits.lines && state.bytes <= limits.bytes && response.writableLength <= maxUnreadBytes
      while (!state.isGone && !isFree()) {
        const { promise, resolve } = Promise.withResolvers<void>()
        state.wake = resolve
        await promise
      }
    },
  }
}
