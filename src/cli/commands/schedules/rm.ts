import { removeSchedule } from '../../../ledger/schedules/put-schedule.ts'
import { change } from '../../change.ts'
import { answer, type Command } from '../../command.ts'
import { noSuchSchedule, tellingRefusals } from '../../schedule-refusal.ts'

export const rm: Command = {
  name: 'schedules rm',
  about: 'Take a schedule of the API away. Those of contracts go with their contract; "schedules pause" stops them.',
  takes: '<key>',
  examples: ['schedules rm weekly-note --by ada@example.com'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    await tellingRefusals(() =>
      change(invocation, async ({ tx, note }) => {
        if (!(await removeSchedule(tx, key))) throw noSuchSchedule(key)
        await note('schedule.remove', `schedule:${key}`)
      }),
    )
    answer(invocation, { key, removed: true }, `${key} is gone.`)
  },
}
