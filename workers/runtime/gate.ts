import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { RunStatement } from '../../src/db/statement.ts'
import type { CopyWorker } from '../../src/queue/backend.ts'

const probeEveryMs = 500
const probeStatement = { name: 'gate-probe', text: 'select 1' }

/** While our own Postgres is away, fetching more jobs would only hand each of them back. */
export interface Gate {
  /** Stops fetching until Postgres answers again. */
  close(): void
}

export function openGate(
  run: RunStatement,
  workers: () => readonly CopyWorker[],
  draining: AbortSignal,
  log: Logger,
): Gate {
  let isClosed = false

  async function reopenWhenItAnswers(): Promise<void> {
    log.warn('Postgres is away: nothing more is fetched until it answers')
    for (const worker of workers()) void worker.pause(true).catch(() => {})
    while (!draining.aborted && !(await answers(run))) await delay(probeEveryMs)
    isClosed = false
    if (draining.aborted) return
    for (const worker of workers()) await worker.resume()
    log.info('Postgres answers again')
  }

  return {
    close() {
      if (isClosed || draining.aborted) return
      isClosed = true
      void reopenWhenItAnswers().catch((error: unknown) => log.error({ err: error }, 'fetching was not taken up again'))
    },
  }
}

async function answers(run: RunStatement): Promise<boolean> {
  return await run(probeStatement).then(
    () => true,
    () => false,
  )
}
