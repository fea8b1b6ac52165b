import { instant } from '../../../ledger/instant.ts'
import { listSchedules, type ShownSchedule } from '../../../ledger/schedules/show-schedules.ts'
import { answer, type Command, textOption } from '../../command.ts'
import { table } from '../../table.ts'

export const list: Command = {
  name: 'schedules list',
  about: 'List schedules: when each is due next, and how its last slot went.',
  takes: '[--tenant <tenant>]',
  examples: ['schedules list', 'schedules list --tenant reports --json'],
  options: { tenant: { type: 'string' } },
  words: 0,
  async run(invocation) {
    const tenant = textOption(invocation, 'tenant')
    const { run } = invocation.database()
    const found: ShownSchedule[] = []
    let page = await listSchedules(run, tenant === undefined ? {} : { tenant })
    while (page.length > 0) {
      found.push(...page)
      const after = page.at(-1)?.key ?? ''
      page = await listSchedules(run, tenant === undefined ? { after } : { tenant, after })
    }
    const rows = found.map(one => [
      one.key,
      one.job,
      one.cron,
      one.zone,
      one.paused_at === null ? instant(one.next_slot) : `paused by ${one.paused_by ?? 'somebody'}`,
      one.last === null ? '-' : `${instant(one.last.slot)} ${one.last.decision}`,
    ])
    const text = rows.length > 0 ? table(['key', 'job', 'cron', 'zone', 'next', 'last'], rows) : 'No schedules.'
    answer(invocation, found, text)
  },
}
