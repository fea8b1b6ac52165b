import type { Response } from 'express'

/** Answers the caller has not read yet. Some read nothing before they have sent all, and would wait for ever with less. */
export const maxUnreadBytes = 1_048_576
/** A caller that neither sends nor reads for so long is gone. */
const stalledAfterMs = 60_000

/** Begins an answer of lines at once, while the caller still sends: no proxy may hold it back. */
export function beginLines(response: Response): void {
  response.setTimeout(stalledAfterMs, () => response.destroy())
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'x-accel-buffering': 'no' })
  response.flushHeaders()
}
