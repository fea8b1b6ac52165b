import { loadCatalog } from '../../../../queues/catalog.ts'
import { runScheduleNow } from '../../../ledger/schedules/operate.ts'
import { change } from '../../change.ts'
import { answer, type Command } from '../../command.ts'
import { noSuchSchedule, tellingRefusals } from '../../schedule-refusal.ts'

export const run: Command = {
  name: 'schedules run',
  about: 'Run a schedule once, now, also while it is paused.',
  takes: '<key>',
  examples: ['schedules run nightly-export --by ada@example.com'],
  options: {},
  words: 1,
  changes: true,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    const catalog = await loadCatalog()
    const id = await tellingRefusals(() =>
      change(invocation, async ({ tx, who, note }) => {
        const made = await runScheduleNow(tx, catalog, key, who)
        if (made === undefined) throw noSuchSchedule(key)
        await note('schedule.run', `schedule:${key}`, { job: made })
        return made
      }),
    )
    answer(invocation, { key, job_id: id }, `Job ${id} runs for it. "show ${id}" tells how it goes.`)
  },
}
