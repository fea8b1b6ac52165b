import type { StoredError } from './outcome.ts'

const maxMessageChars = 500

/** What the ledger keeps of an error: name, code and a bounded message. Never the cause: it may hold a vendor's body. */
export function storedError(error: unknown): StoredError {
  const { name, message, code } = error instanceof Error ? (error as Error & { code?: unknown }) : unknownError
  return {
    name,
    code: typeof code === 'string' ? code : null,
    // Postgres refuses NUL in jsonb; everything else is kept as it came.
    message: message.replaceAll('\0', '').slice(0, maxMessageChars).toWellFormed(),
  }
}

const unknownError = { name: 'NotAnError', message: 'something that is not an Error was thrown', code: undefined }
