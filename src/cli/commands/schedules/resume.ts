import { loadCatalog } from '../../../../queues/catalog.ts'
import { resumeSchedule } from '../../../ledger/schedules/operate.ts'
import { change } from '../../change.ts'
import { answer, type Command } from '../../command.ts'
import { noSuchSchedule } from '../../schedule-refusal.ts'

export const resume: Command = {
  name: 'schedules resume',
  about: 'End the pause of a schedule. Slots that passed during it stay skipped.',
  takes: '<key>',
  examples: ['schedules resume nightly-export'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    const catalog = await loadCatalog()
    await change(invocation, async ({ tx, note }) => {
      if (!(await resumeSchedule(tx, catalog, key))) throw noSuchSchedule(key)
      await note('schedule.resume', `schedule:${key}`)
    })
    answer(invocation, { key, paused: false }, `${key} goes on.`)
  },
}
