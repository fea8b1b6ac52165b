import { resumeQueue } from '../../ledger/settings.ts'
import { change } from '../change.ts'
import { answer, type Command } from '../command.ts'
import { queuesOf } from '../find-queues.ts'

const maxNames = 200

export const resume: Command = {
  name: 'resume',
  about: 'Let paused queues go on. "top" shows which are paused, by whom and why.',
  takes: '<queue | domain.*> … | --all',
  examples: ['resume sms.send', 'resume --all --by ada@example.com'],
  options: { all: { type: 'boolean' } },
  words: [0, maxNames],
  changes: true,
  async run(invocation) {
    const names = (await queuesOf(invocation)).map(({ name }) => name)
    const resumed = await change(invocation, async ({ run, note }) => {
      const gone: string[] = []
      for (const name of names) {
        if (!(await resumeQueue(run, name))) continue
        await note('queue.resume', `queue:${name}`)
        gone.push(name)
      }
      return gone
    })
    const text = resumed.length > 0 ? `Resumed: ${resumed.join(', ')}.` : 'Nothing was paused.'
    answer(invocation, { resumed }, text)
  },
}
