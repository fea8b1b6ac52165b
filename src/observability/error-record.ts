import { join } from 'node:path'
import { z } from 'zod'

const maxCauses = 5
const maxMessageChars = 500
const ourRoot = join(import.meta.dirname, '../..')
const withheld = '(message of another’s error withheld)'

/** Their messages name tables, commands and states; what they quote is masked. SDKs of providers are not among them. */
const infrastructure = new Set([
  'pg',
  'pg-protocol',
  'pg-pool',
  'knex',
  'ioredis',
  'redis-parser',
  'redis-errors',
  'bullmq',
])
/** Fields of database and system errors that name things of ours, never values. */
const plainFields = ['code', 'status', 'syscall', 'severity', 'schema', 'table', 'column', 'constraint'] as const

/** An error as it may be written to a log. */
interface ErrorRecord {
  readonly name: string
  readonly message: string
  readonly stack: string
  readonly cause?: ErrorRecord
  readonly [field: string]: unknown
}

/**
 * What of an error may be logged. Errors made by our code keep their message: it holds no personal data.
 * A provider's error keeps name, code and stack; its message, body and request quote addresses and texts.
 */
export function errorRecord(error: Error, depth = 1): ErrorRecord {
  const message = safeMessage(error)
  const frames = framesOf(error)
  const record: Record<string, unknown> = {}
  for (const field of plainFields) {
    const value: unknown = Reflect.get(error, field)
    if (typeof value === 'number' || (typeof value === 'string' && /^[\w./-]{1,80}$/.test(value))) record[field] = value
  }
  const stack = [`${error.name}: ${message}`, ...frames].join('\n')
  const told = { name: error.name, message, ...record, stack }
  return error.cause instanceof Error && depth < maxCauses
    ? { ...told, cause: errorRecord(error.cause, depth + 1) }
    : told
}

function safeMessage(error: Error): string {
  // Zod lays its errors' stacks where parse() was called, so they would pass for ours.
  if (error instanceof z.core.$ZodError || error instanceof z.ZodError) return cut(rulesBroken(error))
  const origin = framesOf(error)[0] ?? ''
  const theirs = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(origin)?.[1]
  const systemError = 'syscall' in error && 'errno' in error
  if (systemError) return cut(error.message)
  if (theirs !== undefined && infrastructure.has(theirs)) return cut(masked(error.message))
  return theirs === undefined && origin.includes(ourRoot) ? cut(error.message) : withheld
}

function rulesBroken({ issues }: z.core.$ZodError): string {
  return `not valid: ${issues.map(({ path, code }) => `${path.join('.') || 'value'} (${code})`).join(', ')}`
}

/** The stack without its first lines: they repeat the message. */
function framesOf(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter(line => /^\s+at /.test(line) && !error.message.includes(line.trim()))
}

function masked(message: string): string {
  return message
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, '"…"')
    .replace(/\S+@\S+/g, '…')
    .replace(/\+?\d[\d\s().-]{6,}\d/g, '…')
}

function cut(message: string): string {
  return message.length > maxMessageChars ? `${message.slice(0, maxMessageChars)}…` : message
}
