import { answer, type Command } from '../command.ts'
import { jobIdIn, statusOf } from '../find-job.ts'
import { jobText } from '../job-text.ts'

export const show: Command = {
  name: 'show',
  about: 'Show what became of one job: state, attempts, effects, children.',
  takes: '<job id>',
  examples: ['show 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'show 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e --json'],
  options: {},
  words: 1,
  async run(invocation) {
    const status = await statusOf(invocation.database(), jobIdIn(invocation.positionals[0]))
    answer(invocation, status, jobText(status))
  },
}
