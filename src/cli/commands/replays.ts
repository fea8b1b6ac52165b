import { instant } from '../../ledger/instant.ts'
import { listReplays } from '../../ledger/replays.ts'
import { answer, type Command } from '../command.ts'
import { filterWords } from '../dead-filter.ts'
import { replayFacts } from '../replay-text.ts'
import { table } from '../table.ts'

export const replays: Command = {
  name: 'replays',
  about: 'List the newest replays: what was asked for, by whom, how far each is.',
  takes: '',
  examples: ['replays', 'replays --json'],
  options: {},
  words: 0,
  async run(invocation) {
    const found = await listReplays(invocation.database().run)
    const rows = found.map(one => [
      one.id,
      one.state,
      one.retried,
      one.total,
      instant(one.createdAt),
      one.askedBy,
      filterWords(one),
    ])
    const text =
      rows.length > 0 ? table(['id', 'state', 'retried', 'of', 'asked', 'by', 'which'], rows) : 'No replays yet.'
    answer(invocation, found.map(replayFacts), text)
  },
}
