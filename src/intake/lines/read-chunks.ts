import type { Request } from 'express'

function nothing(): void {}

/** What a request carries was cut off by its caller. */
export class CutOff extends Error {
  override readonly name = 'CutOff'
}

/**
 * The chunks of a request as they come. Ends early when `signal` fires, and leaves the request whole: its answer is still to
 * be written. Throws {@link CutOff}.
 */
export async function* readChunks(request: Request, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  let wake = nothing
  const look = () => wake()
  request.on('readable', look).on('end', look).on('close', look)
  // A caller that breaks off says so as an error too; without a listener it would end the process.
  request.on('error', nothing)
  signal.addEventListener('abort', look)
  try {
    while (!signal.aborted) {
      const chunk: unknown = request.read()
      if (Buffer.isBuffer(chunk)) yield chunk
      else if (request.readableEnded) return
      else if (request.destroyed) throw new CutOff('the body was cut off')
      else {
        const { promise, resolve } = Promise.withResolvers<void>()
        wake = resolve
        await promise
      }
    }
  } finally {
    request.off('readable', look).off('end', look).off('close', look)
    signal.removeEventListener('abort', look)
  }
}
