import express, { type Request, type Response } from 'express'
import { Problem } from './problem.ts'

/** A body must have arrived by then; slower ones hold a connection for nothing. */
const bodyTimeoutMs = 30_000

/** A body that is compressed, for those who take such. */
const compressed = new Map<number, ReturnType<typeof express.raw>>()

/**
 * Reads the raw body, at most `maxBytes`; bigger ones are refused as 413. Called by handlers after they have checked who
 * asks, so that nothing is read for strangers. With `inflate: false` compressed bodies are refused: the bytes are signed.
 */
export async function readBody(
  request: Request,
  response: Response,
  { maxBytes, inflate }: { readonly maxBytes: number; readonly inflate: boolean },
): Promise<Buffer> {
  if (isPlain(request)) return await collect(request, maxBytes)
  if (!inflate) throw encodingRefused()
  const read = compressed.get(maxBytes) ?? express.raw({ type: () => true, limit: maxBytes, inflate: true })
  compressed.set(maxBytes, read)
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(asError(error))))
  })
  const body: unknown = request.body
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

/** Whether the body is sent as it is. */
function isPlain({ headers }: Request): boolean {
  const encoding = headers['content-encoding']
  return encoding === undefined || encoding.toLowerCase() === 'identity'
}

/** Refuses a compressed body: of what is read while it comes, the limits count the bytes that were sent. */
export function expectPlain(request: Request): void {
  if (!isPlain(request)) throw encodingRefused()
}

function encodingRefused(): Problem {
  return new Problem('unsupported-media-type', { detail: 'this content encoding is not taken' })
}

/** express.raw does the same in four times the time; this is on the path of every job. */
async function collect(request: Request, maxBytes: number): Promise<Buffer> {
  return await new Promise<Buffer>((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const timer = setTimeout(
      () => give(new Problem('bad-request', { detail: 'the body came too slowly' })),
      bodyTimeoutMs,
    )
    function give(outcome: Buffer | Error): void {
      clearTimeout(timer)
      request.off('data', take).off('end', end).off('close', cut).off('error', cut)
      if (Buffer.isBuffer(outcome)) {
        resolve(outcome)
        return
      }
      // What still comes is let by, so that the caller reads our answer rather than a reset.
      request.on('error', () => {}).resume()
      reject(outcome)
    }
    function take(chunk: Buffer): void {
      bytes += chunk.length
      if (bytes > maxBytes) give(tooLarge(maxBytes))
      else chunks.push(chunk)
    }
    const end = () => give(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks, bytes))
    const cut = () => give(new Problem('bad-request', { detail: 'the body was cut off' }))
    if (Number(request.headers['content-length']) > maxBytes) give(tooLarge(maxBytes))
    else request.on('data', take).on('end', end).on('close', cut).on('error', cut)
  })
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('body-too-large', { limit_bytes: maxBytes })
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the body could not be read')
}

/** Refuses bodies that do not say they are JSON. */
export function expectJson(request: Request): void {
  if (request.headers['content-type'] !== 'application/json' && !request.is(['application/json', '+json'])) {
    throw new Problem('unsupported-media-type', { detail: 'send the body as application/json' })
  }
}
