import { deadGroups, maxDeadGroups } from '../../ledger/dead.ts'
import { instant } from '../../ledger/instant.ts'
import { answer, type Command } from '../command.ts'
import { deadFilterOf, deadOptions } from '../dead-filter.ts'
import { table } from '../table.ts'

export const dead: Command = {
  name: 'dead',
  about: 'Group failed and quarantined jobs by type and error: how many, since when, one of them.',
  takes: '[--name <type>] [--error <beginning>] [--since <instant|ago>] [--until <instant|ago>]',
  examples: ['dead', 'dead --since 2h', 'dead --name sms.send --error twilio-'],
  options: deadOptions,
  words: 0,
  async run(invocation) {
    const groups = await deadGroups(invocation.database().run, deadFilterOf(invocation))
    const rows = groups.map(group => [
      group.name,
      group.count,
      instant(group.first_at),
      instant(group.last_at),
      group.sample_id,
      group.error,
    ])
    const more = groups.length === maxDeadGroups ? `\n\nOnly the ${maxDeadGroups} most frequent are shown.` : ''
    const text =
      rows.length > 0
        ? `${table(['job', 'count', 'first', 'last', 'one of them', 'error'], rows)}${more}\n\nNext: "show <id>" tells one, "replay --name <job> --error <beginning> --dry-run" what could be retried.`
        : 'No dead jobs.'
    answer(invocation, groups, text)
  },
}
