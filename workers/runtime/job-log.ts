import type { Logger } from 'pino'
import type { JobContract } from '../../queues/define-job.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import { type LogLevel, maxLogLines, type NewLogLine, writeJobLog } from '../../src/ledger/job-log.ts'
import { errorRecord } from '../../src/observability/error-record.ts'
import { redact } from '../../src/observability/redact.ts'
import { markedFields, maskFor } from '../../src/observability/redact-payload.ts'
import type { Runtime } from './runtime.ts'

const maxMessageChars = 500
/** Of a long attempt people see this soon what it has said so far. */
const writeEveryMs = 5_000

type Fields = Readonly<Record<string, unknown>>
type Write = (message: string, fields?: Fields) => void

/** What a processor says about its job: in the process's log, and kept with the job for its page. */
export interface JobLog extends Write {
  readonly warn: Write
  readonly error: Write
}

/** The log of one attempt. */
export interface OpenJobLog {
  readonly log: JobLog
  /** Resolves when the lines are stored, or Postgres would not take them: they are in the process's log anyway. */
  close(): Promise<void>
}

/**
 * Opens the log of an attempt. Names of fields are hidden as everywhere, besides what the contract's schema marks; the
 * values of marked fields are taken out of every text. Lines are stored together: at the end, and every 5 s of a long
 * attempt; the newest hundred of a job are kept.
 */
export function openJobLog(
  claim: Claim,
  { payload: schema }: JobContract,
  { run, log: processLog }: Runtime,
): OpenJobLog {
  const mask = maskFor(schema, claim.payload) ?? same
  let child: Logger | undefined
  let timer: NodeJS.Timeout | undefined
  let lines: NewLogLine[] = []
  let count = 0
  let isClosed = false
  let writing: Promise<void> = Promise.resolve()

  function add(level: LogLevel, message: string, fields: Fields = {}): void {
    const text = textOf(mask(message), mask(shownFields(fields, schema, mask)))
    child ??= processLog.child({ job: claim.name, id: claim.id })
    child[level]({ said: text }, 'job')
    // What lives in the queue alone has no row that lines could belong to.
    if (isClosed || claim.token === 0) return
    count += 1
    lines.push({ at: new Date(), line: count, level, message: text })
    if (lines.length > maxLogLines) lines.shift()
    timer ??= setInterval(() => void flush(), writeEveryMs).unref()
  }

  function flush(): Promise<void> {
    const batch = lines
    lines = []
    if (batch.length === 0) return writing
    writing = writing
      .then(() => writeJobLog(run, { id: claim.id, token: claim.token, attempt: claim.attempts + 1 }, batch))
      .catch((error: unknown) => processLog.warn({ err: error, job: claim.name, id: claim.id }, 'job log not stored'))
    return writing
  }

  const info: Write = (message, fields) => add('info', message, fields)
  return {
    log: Object.assign(info, {
      warn: (message: string, fields?: Fields) => add('warn', message, fields),
      error: (message: string, fields?: Fields) => add('error', message, fields),
    }),
    async close() {
      isClosed = true
      clearInterval(timer)
      await flush()
    },
  }
}

function same(text: string): string {
  return text
}

function shownFields(fields: Fields, schema: JobContract['payload'], mask: (text: string) => string): string {
  const hidden = markedFields(schema)
  const shown = Object.entries(fields).flatMap(([name, value]) =>
    hidden.has(name) ? [] : [[name, value instanceof Error ? briefly(value) : value]],
  )
  // Each text before JSON gives its quotes and line ends another form; numbers are left to a look at the whole.
  return JSON.stringify(redact(Object.fromEntries(shown)), (_name, value: unknown) =>
    typeof value === 'string' ? mask(value) : value,
  )
}

/** Stacks belong into the process's log of the attempt, not into a line of at most 500 characters. */
function briefly(error: Error): Fields {
  const { name, code, message } = errorRecord(error)
  return { name, code, message }
}

function textOf(message: string, fields: string): string {
  const whole = fields === '{}' ? message : `${message} ${fields}`
  return whole.replaceAll('\0', '').slice(0, maxMessageChars).toWellFormed()
}
