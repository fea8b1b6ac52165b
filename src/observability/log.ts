import { type Bindings, type ChildLoggerOptions, type DestinationStream, type Level, type Logger, pino } from 'pino'
import { redact, redactFields } from './redact.ts'

/**
 * The root log of a process: JSON lines with ISO time, without personal data, secrets and contents. `name` says which process writes, `level` is the least important that is written.
 * Goes to standard output, at once, so that nothing is lost in a crash; `destination` is for tests.
 */
export function createLog(options: {
  readonly level: Level | 'silent'
  readonly name: string
  readonly destination?: DestinationStream
}): Logger {
  const { level, name, destination = pino.destination({ dest: 1, sync: true }) } = options
  const log = pino(
    {
      level,
      name,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: label => ({ level: label }) },
      // Ours are records already when they get here; pino's own would copy every field of a vendor's error.
      serializers: { err: (record: unknown) => record },
      hooks: {
        logMethod(args, method) {
          const [first, ...rest]: unknown[] = args
          const shown = redact(first instanceof Error ? { err: first } : first)
          Reflect.apply(method, this, [shown, ...rest.map(value => redact(value))])
        },
      },
    },
    destination,
  )
  // Pino shows the bindings of a child to no hook; children inherit this property, so theirs are cleaned too.
  const child: unknown = Reflect.get(log, 'child')
  if (typeof child !== 'function') throw new TypeError('pino has no child()')
  Object.defineProperty(log, 'child', {
    value(this: Logger, bindings: Bindings, childOptions?: ChildLoggerOptions): Logger {
      return Reflect.apply(child, this, [redactFields(bindings), childOptions])
    },
  })
  return log
}
