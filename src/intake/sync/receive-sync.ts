import type { Request, Response } from 'express'
import type { TakenSync } from '../../mirror/sync/syncs.ts'
import { problemBody } from '../http/problem.ts'
import { requestIdOf } from '../http/request-id.ts'
import type { Intake } from '../intake.ts'
import { beginLines, maxUnreadBytes } from '../lines/begin-lines.ts'
import { lineCutter } from '../lines/json-lines.ts'
import { bodyTooLarge } from '../lines/line-faults.ts'
import { CutOff, readChunks } from '../lines/read-chunks.ts'
import { type EarlyEnd, earlyEnd } from './early-end.ts'
import { letGo } from './let-go.ts'
import { heldBytesOfWriter, maxLineBytes, type SyncWriter, syncWriter } from './sync-writer.ts'
import { shownProgress, tellProgress } from './tell-progress.ts'

/** Of one request; more goes under another name. */
export const maxSyncBytes = 4_294_967_296

/** What a sync holds while it lasts, for the limits of the process. */
export const heldBytesOfSync = heldBytesOfWriter + maxUnreadBytes

/**
 * Takes in the lines of a sync, behind those that were committed before, and answers while they come. Reads no faster than
 * the database writes and the caller reads. Whatever ends it early, the same lines under the same name go on from there.
 */
export async function receiveSync(
  intake: Intake,
  taken: TakenSync,
  request: Request,
  response: Response,
): Promise<void> {
  const startedMs = performance.now()
  const instance = `urn:uuid:${requestIdOf(response)}`
  const end = earlyEnd(intake, taken.hold)
  const teller = tellProgress(response)
  const writer = syncWriter(intake.knex, taken, { end, teller, instance })

  beginLines(response)
  if (taken.progress.lines > 0) teller.write({ resumed_after_line: taken.progress.lines })
  const isWhole = await takeLines(request, writer, end)
  end.close()
  await letGo(intake, taken.hold, isWhole ? 'done' : 'cut').catch(end.stop)

  const why = end.why()
  const problem = why ? { problem: problemBody(why, instance) } : {}
  const tookMs = Math.round(performance.now() - startedMs)
  teller.end({ done: isWhole && !why, ...shownProgress(writer.progress()), took_ms: tookMs, ...problem })
  // What still comes is let by, so that the caller reads our answer rather than a reset.
  request.resume()
}

/** Resolves when all is committed that ever will be: true when that is every line. */
async function takeLines(request: Request, writer: SyncWriter, end: EarlyEnd): Promise<boolean> {
  let isCutOff = false
  await readLines(request, writer, end).catch((error: unknown) => {
    isCutOff = error instanceof CutOff
    if (!isCutOff) end.stop(error)
  })
  const isWhole = () => !isCutOff && end.why() === undefined
  await writer.finish({ isWhole: isWhole() }).catch(end.stop)
  return isWhole()
}

async function readLines(request: Request, writer: SyncWriter, { signal, stop }: EarlyEnd): Promise<void> {
  const { cut, rest } = lineCutter(maxLineBytes)
  let leftBytes = maxSyncBytes
  for await (const chunk of readChunks(request, signal)) {
    for (const line of cut(chunk.subarray(0, leftBytes))) {
      writer.take(line)
      if (writer.isFull()) await writer.untilRoom()
      if (signal.aborted) return
    }
    leftBytes -= chunk.length
    if (leftBytes < 0) return stop(bodyTooLarge(maxSyncBytes, writer.lastLine()))
    writer.begin()
  }
  if (!signal.aborted) rest().forEach(writer.take)
}
