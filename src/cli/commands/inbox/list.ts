import { type FoundEvent, maxEventsPerPage, searchInbox } from '../../../db/inbox-search.ts'
import { instant } from '../../../ledger/instant.ts'
import { joined } from '../../../ledger/story-words.ts'
import { answer, type Command, textOption } from '../../command.ts'
import { idOption } from '../../id-option.ts'
import { inboxFilterOf, inboxOptions, inboxTakes } from '../../inbox-filter.ts'
import { numberOption } from '../../read-time.ts'
import { table } from '../../table.ts'

const usualLimit = 50

export const list: Command = {
  name: 'inbox list',
  about: 'Find what the webhooks received, newest first: by source, type, entity, state and time.',
  takes: `${inboxTakes} [--limit <1-${maxEventsPerPage}>] [--before <id>]`,
  examples: [
    'inbox list --state failed --since 1d',
    'inbox list --entity booking:42',
    'inbox list --type user.updated',
  ],
  options: { ...inboxOptions, limit: { type: 'string' }, before: { type: 'string' } },
  words: 0,
  async run(invocation) {
    const limit = numberOption('limit', textOption(invocation, 'limit'), [1, maxEventsPerPage]) ?? usualLimit
    const before = idOption(invocation, 'before')
    const { events, next } = await searchInbox(invocation.database().run, inboxFilterOf(invocation), { limit, before })
    const more = next === null ? '' : `\n\nThere are more: go on with --before ${next}`
    const text =
      events.length > 0
        ? `${table(['id', 'source', 'type', 'about', 'state', 'received', ''], events.map(rowOf))}${more}`
        : 'No event is found.'
    answer(invocation, { events, next }, text)
  },
}

function rowOf({ id, source, type, entity, state, received_at, reason, replays }: FoundEvent): string[] {
  const more = joined([replays > 0 ? `replayed ${replays} ×` : null, reason])
  return [id, source, type, entity ?? '-', state, instant(received_at), more]
}
