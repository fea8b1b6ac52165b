import { access, constants } from 'node:fs/promises'
import { createTransport } from '../../client/transport.ts'
import { syncName } from '../../intake/http/sync-shapes.ts'
import { answer, type Command, CommandFailed, shown, UsageError } from '../command.ts'
import { failureOf, refusedText, type SyncCounts, sendFile } from '../sync/send-file.ts'

export const sync: Command = {
  name: 'sync',
  about:
    'Fill the mirror from a file of NDJSON, one entity a line. Goes on after a cut, also when it is called again. ' +
    'Asks HBNB_JOBS_URL with HBNB_JOBS_KEY, which needs the scope platform:write.',
  takes: '<name> <file> [--restart]',
  examples: ['sync users-2026 users.ndjson', 'sync users-2026 users.ndjson --restart --json'],
  options: { restart: { type: 'boolean' } },
  words: 2,
  async run(invocation) {
    const [name = '', path = ''] = invocation.positionals
    const { config, terminal, json, options } = invocation
    if (!syncName.safeParse(name).success) throw new UsageError('a name has 1 to 64 of a-z, 0-9 and -')
    await access(path, constants.R_OK).catch(() => {
      throw new CommandFailed(`${path} cannot be read`)
    })
    const { key, url } = config.service
    if (key === null) throw new CommandFailed('set HBNB_JOBS_KEY to an API key with the scope platform:write')
    const transport = createTransport({ url: url ?? config.http.publicUrl, key })
    const asked = { name, path, restart: options['restart'] === true, signal: terminal.interrupted }
    try {
      const sum = await sendFile(transport, asked, {
        onProgress: counts => terminal.progress(`${name}: ${countsText(counts)}`),
        onRefused: line => void (json || terminal.out(`${shown(refusedText(line))}\n`)),
      })
      terminal.progress('')
      const { lines, stored, unchanged, outdated, refused } = sum
      answer(invocation, { name, lines, stored, unchanged, outdated, refused }, `${name}: ${countsText(sum)}`)
      if (refused > 0) throw new CommandFailed(`${refused} lines were refused: "syncs show ${name}" tells the first.`)
    } catch (error) {
      if (terminal.interrupted.aborted) throw new CommandFailed('stopped: the same command goes on from there')
      throw failureOf(error)
    }
  },
}

function countsText({ lines, stored, unchanged, outdated, refused }: SyncCounts): string {
  return `${lines} lines, ${stored} stored, ${unchanged} unchanged, ${outdated} outdated, ${refused} refused`
}
