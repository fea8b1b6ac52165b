import { instant } from '../../ledger/instant.ts'
import { findSync, listSyncs, type Sync } from '../../mirror/sync/syncs.ts'
import { answer, type Command, CommandFailed } from '../command.ts'
import { table } from '../table.ts'

const maxListed = 1_000
const heads = ['name', 'state', 'lines', 'stored', 'unchanged', 'outdated', 'refused', 'started', 'updated']

const list: Command = {
  name: 'syncs list',
  about: 'List the syncs of the mirror by name: how far each is, or how it ended.',
  takes: '',
  examples: ['syncs', 'syncs list --json'],
  options: {},
  words: 0,
  async run(invocation) {
    const found = await listSyncs(invocation.database().run, { after: null, limit: maxListed })
    const text = found.length > 0 ? table(heads, found.map(rowOf)) : 'No syncs yet.'
    answer(invocation, found.map(factsOf), text)
  },
}

const show: Command = {
  name: 'syncs show',
  about: 'Show how far a sync is, and the first lines that were refused.',
  takes: '<name>',
  examples: ['syncs show users-2026'],
  options: {},
  words: 1,
  async run(invocation) {
    const [name = ''] = invocation.positionals
    const sync = await findSync(invocation.database().run, name)
    if (!sync) throw new CommandFailed(`there is no sync named ${name}`)
    const bad = sync.badLines.map(({ line, problem }) => `line ${line}: ${JSON.stringify(problem)}`)
    const text = [table(heads, [rowOf(sync)]), ...bad].join('\n')
    answer(invocation, { ...factsOf(sync), bad_lines: sync.badLines }, text)
  },
}

/** What was sent to fill the mirror. */
export const syncCommands: readonly Command[] = [list, show]

function rowOf(sync: Omit<Sync, 'badLines'>): (string | number)[] {
  const { name, state, lines, stored, unchanged, outdated, refused, startedAt, updatedAt } = sync
  return [name, state, lines, stored, unchanged, outdated, refused, instant(startedAt), instant(updatedAt)]
}

function factsOf(sync: Omit<Sync, 'badLines'>) {
  const { name, state, lines, stored, unchanged, outdated, refused, startedAt, updatedAt } = sync
  return { name, state, lines, stored, unchanged, outdated, refused, started_at: startedAt, updated_at: updatedAt }
}
