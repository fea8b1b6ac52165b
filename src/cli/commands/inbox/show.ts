import { shownBody } from '../../../db/inbox-body.ts'
import { findInboxEntry, type InboxEntry } from '../../../db/inbox-event.ts'
import { instant } from '../../../ledger/instant.ts'
import { joined } from '../../../ledger/story-words.ts'
import { answer, type Command } from '../../command.ts'
import { eventIdIn, noSuchEvent } from '../../find-event.ts'
import { table } from '../../table.ts'

export const show: Command = {
  name: 'inbox show',
  about: 'Show an event of the inbox: how it stands, its body without personal data, the jobs that were made of it.',
  takes: '<event id>',
  examples: ['inbox show 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'],
  options: {},
  words: 1,
  async run(invocation) {
    const id = eventIdIn(invocation.positionals[0])
    const entry = await findInboxEntry(invocation.database().run, id)
    if (!entry) throw noSuchEvent(id)
    const shown = { ...entry, body: shownBody(entry.source, entry.body) }
    answer(invocation, shown, textOf(shown))
  },
}

function textOf(entry: InboxEntry): string {
  const facts: [string, string | null][] = [
    ['state', joined([entry.state, entry.reason])],
    ['id', entry.id],
    ['source', joined([entry.source, `signed: ${entry.scheme}`])],
    ['event', entry.event_id],
    ['about', entry.entity],
    ['received', instant(entry.received_at)],
    ['replays', entry.replays > 0 ? String(entry.replays) : null],
  ]
  const lines = facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${value}`] : []))
  const jobs = entry.jobs.map(job => [job.id, job.name, job.state, job.entity ?? '-', job.parent_id ?? '-'])
  return [
    entry.type,
    ...lines,
    '',
    JSON.stringify(entry.body, null, 2),
    ...(jobs.length > 0 ? ['', table(['job', 'type', 'state', 'about', 'made by'], jobs)] : []),
  ].join('\n')
}
