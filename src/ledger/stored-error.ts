import type { Mask } from '../observability/redact-payload.ts'
import type { StoredError } from './outcome.ts'

const maxMessageChars = 500

/**
 * What the ledger keeps of an error: name, code and a bounded message. Never the cause: it may hold a vendor's body. The
 * message is masked before it is cut: of half a value no mask would know what it is half of.
 */
export function storedError(error: unknown, mask: Mask): StoredError {
  const { name, message, code } = error instanceof Error ? (error as Error & { code?: unknown }) : unknownError
  return {
    name,
    code: typeof code === 'string' ? code : null,
    // Postgres refuses NUL in jsonb; everything else is kept as it came.
    message: mask(message).replaceAll('\0', '').slice(0, maxMessageChars).toWellFormed(),
  }
}

/** The same of what this program says itself: that quotes no payload. */
export function storedFault(error: Error): StoredError {
  return storedError(error, text => text)
}

const unknownError = { name: 'NotAnError', message: 'something that is not an Error was thrown', code: undefined }
