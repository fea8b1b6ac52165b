import { setTimeout as delay } from 'node:timers/promises'
import { stepReplay } from '../ledger/replay-step.ts'
import { type Replay, stopReplay } from '../ledger/replays.ts'
import { change } from './change.ts'
import { CommandFailed, type Invocation } from './command.ts'
import { decidedOf } from './replay-text.ts'

/** Between looks at a replay whose rate forbids the next step; Ctrl-C is obeyed at once. */
const longestWaitMs = 1_000

/** Works at a replay until it is done or somebody stops it. Ctrl-C stops it too. Answers how it stands. */
export async function runReplay(invocation: Invocation, begun: Replay): Promise<Replay> {
  const { terminal, database } = invocation
  const { interrupted } = terminal
  for (;;) {
    if (interrupted.aborted) return await interrupt(invocation, begun)
    const step = await stepReplay(database().knex, begun.id)
    if (!step) throw new CommandFailed(`replay ${begun.id} is gone`)
    const { replay, waitMs } = step
    terminal.progress(progressLine(replay))
    if (replay.state === 'done') return await finish(invocation, replay)
    if (replay.state !== 'running') return replay
    const left = Math.min(waitMs, longestWaitMs)
    if (left > 0) await delay(left, undefined, { signal: interrupted }).catch(() => {})
  }
}

function progressLine(replay: Replay): string {
  const done = decidedOf(replay)
  const percent = replay.total === 0 ? 100 : Math.floor((100 * done) / replay.total)
  const leftSeconds = Math.ceil(Math.max(0, replay.total - done) / replay.ratePerSecond)
  return `${Math.min(100, percent)} %  ${replay.retried} retried, ${done - replay.retried} skipped, of ${replay.total}; about ${leftSeconds} s left`
}

async function interrupt(invocation: Invocation, begun: Replay): Promise<Replay> {
  return await change(invocation, async ({ run, note }) => {
    const stopped = await stopReplay(run, begun.id)
    if (stopped) await note('replay.stop', `replay:${begun.id}`, { retried: stopped.retried, total: stopped.total })
    return stopped ?? begun
  })
}

async function finish(invocation: Invocation, replay: Replay): Promise<Replay> {
  const { retried, skipped, total } = replay
  await change(invocation, ({ note }) => note('replay.end', `replay:${replay.id}`, { retried, skipped, total }))
  return replay
}
