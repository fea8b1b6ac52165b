import type { Logger } from 'pino'
import { loadConfig } from '../config/load.ts'
import { createLog } from './log.ts'

/** Longer than any SHUTDOWN_DEADLINE_MS in use should be; supervisors usually kill after 30 to 120 s. */
const longestEndMs = 120_000

/** What a process entry is given. */
export interface ProcessLife {
  readonly log: Logger
  /** Registers what must happen before the process ends, in order of registration. */
  readonly onStop: (step: () => Promise<void>) => void
  /** Ends the process in order, as SIGTERM does. */
  readonly stop: (exitCode: number) => void
}

/** Runs one process of ours: its log, SIGTERM and SIGINT, faults of start-up as one sentence, exit codes. */
export async function runProcess(name: string, start: (life: ProcessLife) => Promise<void>): Promise<void> {
  const log = logOf(name)
  const steps: (() => Promise<void>)[] = []
  let stopping = false

  async function end(exitCode: number): Promise<void> {
    let code = exitCode
    // The steps have bounds of their own; should one hang all the same, the process still ends.
    setTimeout(() => process.exit(code === 0 ? 1 : code), longestEndMs).unref()
    for (const step of steps) {
      await step().catch((error: unknown) => {
        log.error({ err: error }, 'a step of the shutdown failed')
        code = 1
      })
    }
    process.exit(code)
  }
  function stop(exitCode: number): void {
    if (stopping) return
    stopping = true
    void end(exitCode)
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info({ signal }, 'stopping')
      stop(0)
    })
  }
  try {
    await start({ log, stop, onStop: step => steps.push(step) })
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    stop(1)
  }
}

/** Configuration faults are all reported together before there is a log. */
function logOf(name: string): Logger {
  try {
    return createLog({ level: loadConfig().log.level, name })
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`)
    return process.exit(1)
  }
}
