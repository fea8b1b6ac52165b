import type { Replay } from '../ledger/replays.ts'
import { filterWords } from './dead-filter.ts'

const reasonWords: Readonly<Record<string, string>> = {
  expired: 'their time is over, so they would only end as expired',
  'effect-unknown': 'it is not known whether their effect took place, and a repeat could double it',
  open: 'they were retried by someone else meanwhile',
  completed: 'they have completed meanwhile',
  skipped: 'there was nothing to do for them',
  'unknown-job': 'the ledger does not have them any more',
}

/** One line per reason for which jobs are left as they are. */
export function leftWords(left: Readonly<Record<string, number | undefined>>): string[] {
  return Object.entries(left).flatMap(([reason, count]) =>
    count === undefined ? [] : [`${count} left as they are: ${reasonWords[reason] ?? reason}.`],
  )
}

/** A replay for programs. */
export function replayFacts(replay: Replay) {
  const { id, name, error, since, until, ratePerSecond, askedBy, state, total, retried, skipped, keptEffects } = replay
  return {
    id,
    filter: { name, error, since, until },
    rate: ratePerSecond,
    by: askedBy,
    state,
    total,
    retried,
    skipped,
    kept_effects: keptEffects,
    created_at: replay.createdAt,
    changed_at: replay.changedAt,
  }
}

/** A replay for people. */
export function replayText(replay: Replay): string {
  const { id, state, retried, total, skipped, keptEffects } = replay
  const lines = [
    `Replay ${id} is ${state}: ${retried} of ${total} retried (${filterWords(replay)}).`,
    ...leftWords(skipped),
  ]
  if (keptEffects > 0) lines.push(`${keptEffects} effect(s) took place before and are not repeated.`)
  return lines.join('\n')
}

/** How many jobs of a replay are decided. */
export function decidedOf({ retried, skipped }: Replay): number {
  return Object.values(skipped).reduce((sum, count) => sum + count, retried)
}
