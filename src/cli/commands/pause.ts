import { pauseQueue } from '../../ledger/settings.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, textOption, UsageError } from '../command.ts'
import { queuesOf } from '../find-queues.ts'

const maxNames = 200
const maxReasonChars = 200

export const pause: Command = {
  name: 'pause',
  about: 'Stop queues until somebody resumes them: what runs ends, what waits stays in the ledger.',
  takes: '<queue | domain.*> … | --all [--reason <text>]',
  examples: ['pause sms.send --reason "Twilio is down"', "pause 'payments.*' --by ada@example.com", 'pause --all'],
  options: { all: { type: 'boolean' }, reason: { type: 'string' } },
  words: [0, maxNames],
  changes: true,
  async run(invocation) {
    const reason = textOption(invocation, 'reason') ?? 'paused from the command line'
    if (reason.length > maxReasonChars) throw new UsageError(`--reason has at most ${maxReasonChars} characters`)
    const queues = await queuesOf(invocation)
    // What waits in a paused queue goes back to the ledger: these jobs have no row there.
    const inQueueAlone = queues.filter(({ durability }) => durability === 'queue').map(({ name }) => name)
    const names = queues.filter(({ durability }) => durability === 'ledger').map(({ name }) => name)
    if (names.length === 0)
      throw new CommandFailed(`not paused: only the queue keeps the jobs of ${inQueueAlone.join(', ')}`)
    await change(invocation, async ({ run, who, note }) => {
      for (const name of names) {
        await pauseQueue(run, name, who, reason)
        await note('queue.pause', `queue:${name}`, { reason })
      }
    })
    const left =
      inQueueAlone.length > 0
        ? `\nNot paused, because only the queue keeps their jobs: ${inQueueAlone.join(', ')}.`
        : ''
    answer(invocation, { paused: names, not_paused: inQueueAlone }, `Paused: ${names.join(', ')}.${left}`)
  },
}
