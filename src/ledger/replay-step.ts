import type { Knex } from 'knex'
import { statementsIn } from '../db/statement.ts'
import { type DeadJob, lookAtDead } from './replay-look.ts'
import { advanceReplay, holdReplay, type Replay } from './replays.ts'
import { retryEnded } from './retry-ended.ts'

/** Jobs retried in one transaction: half a second's worth, within these bounds. */
const mostPerStep = 500

/** What a step came to: how the replay stands, and how long its rate forbids the next one. */
export interface ReplayStep {
  readonly replay: Replay
  readonly waitMs: number
}

/**
 * Retries the next few jobs of a replay. The retries and the new position commit together, so that whatever dies in
 * between, no job is retried twice by one replay and none is left out. Any number of processes may do this at once: they
 * take turns, within one rate. Undefined when there is no such replay.
 */
export async function stepReplay(knex: Knex, id: string): Promise<ReplayStep | undefined> {
  return await knex.transaction(async tx => {
    const run = statementsIn(tx)
    const held = await holdReplay(run, id)
    if (!held) return undefined
    const { waitMs, ...replay } = held
    if (replay.state !== 'running' || waitMs > 0) return { replay, waitMs }

    const page = await lookAtDead(run, replay.position, replay)
    const jobs = upTo(page.jobs, perStep(replay.ratePerSecond))
    const chosen = jobs.filter(({ left }) => left === null)
    const answers = await retryEnded(
      run,
      chosen.map(job => job.id),
    )
    const skipped: Record<string, number> = { ...replay.skipped }
    let [retried, keptEffects] = [0, 0]
    for (const job of jobs) {
      const answer = job.left ?? answers.get(job.id) ?? 'unknown-job'
      if (answer !== 'retried') skipped[answer] = (skipped[answer] ?? 0) + 1
      else {
        retried += 1
        keptEffects += job.keptEffects
      }
    }
    const isPageDone = jobs.length === page.jobs.length
    const position = (isPageDone ? page.lookedUntil : jobs.at(-1)?.id) ?? replay.position
    const isDone = page.lookedUntil === null
    const moved = await advanceReplay(run, replay, { position, isDone, retried, skipped, keptEffects })
    return { replay: moved, waitMs: (retried * 1_000) / replay.ratePerSecond }
  })
}

function perStep(ratePerSecond: number): number {
  return Math.min(mostPerStep, Math.max(1, Math.floor(ratePerSecond / 2)))
}

/** The first jobs with at most so many to be retried among them. */
function upTo(jobs: readonly DeadJob[], most: number): readonly DeadJob[] {
  let toRetry = 0
  const end = jobs.findIndex(({ left }) => {
    if (left === null) toRetry += 1
    return toRetry > most
  })
  return end === -1 ? jobs : jobs.slice(0, end)
}
