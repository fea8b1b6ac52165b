import { maxRetriesPerCall, type RetryAnswer, retryEnded } from '../../ledger/retry-ended.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed } from '../command.ts'
import { jobIdIn } from '../find-job.ts'
import { table } from '../table.ts'

const words: Readonly<Record<RetryAnswer, string>> = {
  retried: 'begins anew',
  open: 'not retried: it has not ended and goes on by itself',
  completed: 'not retried: it has completed',
  skipped: 'not retried: there was nothing to do for it',
  expired: 'not retried: its time is over; make a new job if it is still wanted',
  'unknown-job': 'the ledger has no such job (any more)',
}

export const retry: Command = {
  name: 'retry',
  about: 'Let jobs that failed, were cancelled or quarantined begin anew. What took effect is not repeated.',
  takes: '<job id> …',
  examples: ['retry 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'replay --name sms.send --since 2h --dry-run'],
  options: {},
  words: [1, maxRetriesPerCall],
  changes: true,
  async run(invocation) {
    const ids = [...new Set(invocation.positionals.map(jobIdIn))]
    const answers = await change(invocation, async ({ run, note }) => {
      const found = await retryEnded(run, ids)
      for (const [id, what] of found) if (what === 'retried') await note('job.retry', `job:${id}`)
      return [...found]
    })
    const rows = answers.map(([id, what]) => [id, words[what]])
    answer(
      invocation,
      answers.map(([id, what]) => ({ id, answer: what })),
      table(['job', ''], rows),
    )
    const refused = answers.filter(([, what]) => what !== 'retried').length
    if (refused > 0) throw new CommandFailed(`${refused} of ${ids.length} not retried.`)
  },
}
