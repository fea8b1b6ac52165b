import express, { type Request, type Response } from 'express'
import { Problem } from './problem.ts'

/**
 * Reads the raw body, at most `maxBytes`; bigger ones are refused as 413. Called by handlers after they have checked who
 * asks, so that nothing is read for strangers. With `inflate: false` compressed bodies are refused: the bytes are signed.
 */
export async function readBody(
  request: Request,
  response: Response,
  { maxBytes, inflate }: { readonly maxBytes: number; readonly inflate: boolean },
): Promise<Buffer> {
  const read = express.raw({ type: () => true, limit: maxBytes, inflate })
  await new Promise<void>((resolve, reject) => {
    read(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(asError(error))))
  })
  const body: unknown = request.body
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0)
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the body could not be read')
}

/** Refuses bodies that do not say they are JSON. */
export function expectJson(request: Request): void {
  if (!request.is(['application/json', '+json'])) {
    throw new Problem('unsupported-media-type', { detail: 'send the body as application/json' })
  }
}

/** JSON is UTF-8 (RFC 8259, 8.1). Throws bad-json, without a word of the body in it. */
export function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Problem('bad-json', {
      detail: bytes.length === 0 ? 'the body is empty' : 'the body is not valid JSON in UTF-8',
    })
  }
}
