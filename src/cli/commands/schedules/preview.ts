import { loadCatalog } from '../../../../queues/catalog.ts'
import { instant } from '../../../ledger/instant.ts'
import { maxPreviewedSlots, previewSchedule } from '../../../ledger/schedules/show-schedules.ts'
import { answer, type Command, textOption } from '../../command.ts'
import { numberOption } from '../../read-time.ts'
import { noSuchSchedule, tellingRefusals } from '../../schedule-refusal.ts'
import { table } from '../../table.ts'

const usualCount = 10

export const preview: Command = {
  name: 'schedules preview',
  about: 'Show the next slots of a schedule, as instants and by the clock of its zone, and what their jobs will carry.',
  takes: '<key> [--count <1-100>]',
  examples: ['schedules preview nightly-export', 'schedules preview nightly-export --count 50'],
  options: { count: { type: 'string' } },
  words: 1,
  async run(invocation) {
    const [key = ''] = invocation.positionals
    const count = numberOption('count', textOption(invocation, 'count'), [1, maxPreviewedSlots]) ?? usualCount
    const catalog = await loadCatalog()
    const slots = await tellingRefusals(() => previewSchedule(invocation.database().run, catalog, { key }, count))
    if (!slots) throw noSuchSchedule(key)
    const rows = slots.map(({ slot, local, payload }) => [instant(slot), local, JSON.stringify(payload)])
    answer(invocation, slots, rows.length > 0 ? table(['slot', 'local', 'payload'], rows) : 'It is never due again.')
  },
}
