import { type Cancellation, cancelJob } from '../../ledger/cancel.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed } from '../command.ts'
import { jobIdIn } from '../find-job.ts'
import { table } from '../table.ts'

const maxPerCall = 1_000
/** Shown to callers of the API too, so it names nobody: the audit log does. */
const reason = 'cancelled by an operator'

const words: Readonly<Record<Cancellation, string>> = {
  cancelled: 'cancelled',
  'cancel-requested': 'asked to stop: it runs, or an effect of it is not known yet',
  'unknown-job': 'the ledger has no such job (any more)',
  completed: 'not cancelled: it had completed',
  skipped: 'not cancelled: it had been skipped',
  failed: 'not cancelled: it had failed',
  quarantined: 'not cancelled: it is quarantined',
}

export const cancel: Command = {
  name: 'cancel',
  about: 'Cancel jobs that have not ended. One that runs is asked to stop.',
  takes: '<job id> …',
  examples: [
    'cancel 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
    'cancel 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e --by ada@example.com',
  ],
  options: {},
  words: [1, maxPerCall],
  changes: true,
  async run(invocation) {
    const ids = [...new Set(invocation.positionals.map(jobIdIn))]
    const answers: { id: string; answer: Cancellation }[] = []
    for (const id of ids) {
      const what = await change(invocation, async ({ run, note }) => {
        const found = await cancelJob(run, id, { reason })
        if (isDone(found)) await note('job.cancel', `job:${id}`, { requested: found === 'cancel-requested' })
        return found
      })
      answers.push({ id, answer: what })
    }
    const rows = answers.map(one => [one.id, words[one.answer]])
    answer(invocation, answers, table(['job', ''], rows))
    const refused = answers.filter(one => !isDone(one.answer)).length
    if (refused > 0) throw new CommandFailed(`${refused} of ${ids.length} not cancelled.`)
  },
}

function isDone(what: Cancellation): boolean {
  return what === 'cancelled' || what === 'cancel-requested'
}
