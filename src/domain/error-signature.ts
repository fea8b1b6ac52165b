const maxSignatureChars = 120

/** What is quoted, and every word with a digit in it: ids, counts, instants, addresses. */
const changing = /"[^"]*"|`[^`]*`|«[^»]*»|[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*/g
/** An apostrophe inside a word opens nothing. */
const inSingleQuotes = /(^|[^A-Za-z0-9])'[^']*'/g

/**
 * A short text that is the same for the same error: its code or name, a colon, and its message with everything that
 * changes from case to case as `#`. The SQL function `hbnb_jobs.error_signature` says the same: the ledger finds by it.
 */
export function errorSignature(error: {
  readonly name: string
  readonly code: string | null
  readonly message: string
}): string {
  const message = error.message
    .replace(changing, '#')
    .replace(inSingleQuotes, '$1#')
    .replace(/[ \t\r\n]+/g, ' ')
  return Array.from(`${error.code ?? error.name}:${message}`)
    .slice(0, maxSignatureChars)
    .join('')
}
