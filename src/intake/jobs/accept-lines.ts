import type { Request, Response } from 'express'
import { type Problem, problemBody } from '../http/problem.ts'
import { requestIdOf } from '../http/request-id.ts'
import { strictJson } from '../http/strict-json.ts'
import { beginLines, maxUnreadBytes } from '../lines/begin-lines.ts'
import { type Line, lineCutter } from '../lines/json-lines.ts'
import { blankLine, bodyTooLarge, lineTooLong } from '../lines/line-faults.ts'
import { acceptItem } from './accept-item.ts'
import { openLines } from './open-lines.ts'
import type { ManyCall } from './read-item.ts'

/** Of one request; the rest is sent in another one. */
export const maxStreamBytes = 10_485_760
/** A payload of 64 KiB and the options around it. */
const maxLineBytes = 65_536 + 8_192
/** Lines read and not answered: six statements' worth, two of them under way, or as much as they may hold. */
const maxOpen = { lines: 3_000, bytes: 4_194_304 } as const

/** What a stream holds while it lasts, for the limits of the process. */
export const heldBytesOfStream = maxOpen.bytes + maxUnreadBytes

/**
 * Accepts jobs line by line as they come, and answers in their order as they are committed. Reads no faster than the
 * database writes and the caller reads. What was answered `accepted` stays, whatever becomes of the rest.
 */
export async function acceptLines(call: ManyCall, request: Request, response: Response): Promise<void> {
  const instance = `urn:uuid:${requestIdOf(response)}`
  const open = openLines(response, instance)
  const { cut, rest } = lineCutter(maxLineBytes)
  let lines = 0
  function begin({ number, bytes }: Line): void {
    lines = number
    if (bytes !== undefined && blankLine(bytes)) return
    const read = () => (bytes === undefined ? lineTooLong(maxLineBytes) : strictJson(bytes))
    const size = bytes?.length ?? 0
    open.begin(number, size, acceptItem(call, read, size))
  }

  beginLines(response)
  let left = maxStreamBytes
  let tooLarge: Problem | undefined
  try {
    for await (const chunk of chunksOf(request)) {
      for (const line of cut(chunk.subarray(0, left))) {
        begin(line)
        await open.untilFree(maxOpen)
        if (open.fatal() || open.isGone()) break
      }
      left -= chunk.length
      if (left < 0) tooLarge = bodyTooLarge(maxStreamBytes, lines)
      if (tooLarge || open.fatal() || open.isGone()) break
    }
    if (!tooLarge && !open.fatal()) rest().forEach(begin)
  } catch {
    // Cut off by the caller: what was read before is finished all the same.
  }
  await open.untilFree({ lines: 0, bytes: 0 })
  if (open.isGone()) return
  const fatal = open.fatal() ?? tooLarge
  const end = { done: fatal === undefined, ...open.counts, lines }
  response.end(`${JSON.stringify(fatal ? { ...end, problem: problemBody(fatal, instance) } : end)}\n`)
  // What still comes is let by, so that the caller reads our answer rather than a reset.
  request.resume()
}

/** A request that is left early stays whole: its answer is still to be written. */
function chunksOf(request: Request): AsyncIterable<Buffer> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- No encoding is set, so the chunks are buffers.
  return request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>
}
