import { errorRecord } from './error-record.ts'

const maxDepth = 6
const maxEntries = 100
const maxStringChars = 2_000
const redacted = '[redacted]'

/** Names of fields that hold personal data, secrets or contents, in lower case without separators. */
const exactNames = new Set(
  'to cc bcc recipient recipients body rawbody payload data html text subject cookie setcookie address ip'.split(' '),
)
const nameEndings =
  /(email|phone|phonenumber|tokens?|secrets?|password|apikeys?|authorization|privatekey|serviceaccount|signature|firstname|lastname|fullname|guestname)$/

/**
 * A copy of something to log in which no field named like personal data, a secret or a content has a value, at any
 * depth; errors become records, addresses lose their passwords. Bounded in depth, width and length of texts.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return plainText(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return errorRecord(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString()
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (depth >= maxDepth) return '[too deep]'
  if (Array.isArray(value)) return value.slice(0, maxEntries).map(item => redact(item, depth + 1))
  if (value instanceof Map) return redact(Object.fromEntries(value), depth)
  if (value instanceof Set) return redact([...value], depth)
  return redactFields(value, depth + 1)
}

/** The same for the fields of one object. */
export function redactFields(fields: object, depth = 1): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields).slice(0, maxEntries)) {
    shown[name] = hides(name, value) ? redacted : redact(value, depth)
  }
  return shown
}

/** A field that says only whether something is there may be seen. */
function hides(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return false
  const bare = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return exactNames.has(bare) || nameEndings.test(bare)
}

function plainText(text: string): string {
  const bare = text.replace(/:\/\/[^/@\s]*@/g, '://…@')
  return bare.length > maxStringChars ? `${bare.slice(0, maxStringChars)}…` : bare
}
