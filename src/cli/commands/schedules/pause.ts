import { pauseSchedule } from '../../../ledger/schedules/operate.ts'
import { change } from '../../change.ts'
import { answer, type Command } from '../../command.ts'
import { noSuchSchedule } from '../../schedule-refusal.ts'

export const pause: Command = {
  name: 'schedules pause',
  about: 'Pause a schedule: its slots are recorded as skipped until it is resumed.',
  takes: '<key>',
  examples: ['schedules pause nightly-export --by ada@example.com'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    await change(invocation, async ({ run, who, note }) => {
      if (!(await pauseSchedule(run, key, who))) throw noSuchSchedule(key)
      await note('schedule.pause', `schedule:${key}`)
    })
    answer(invocation, { key, paused: true }, `${key} is paused.`)
  },
}
