import { setTimeout as delay } from 'node:timers/promises'
import type { RunStatement } from '../../db/statement.ts'
import { type Command, shown, shownJson, textOption, UsageError } from '../command.ts'
import { instantOption } from '../read-time.ts'
import { eventsSince, onlyNew, overlapMs, type TailEvent } from '../tail/read-events.ts'

const lookEveryMs = 1_000
const nameWidth = 24
const stateWidth = 11

export const tail: Command = {
  name: 'tail',
  about: 'Follow what happens to jobs, of everybody or of one entity, until Ctrl-C. Looks once a second.',
  takes: '[<kind:id>] [--name <type>] [--since <instant|ago>]',
  examples: ['tail', 'tail booking:42 --since 10m', 'tail --name sms.send --json'],
  options: { name: { type: 'string' }, since: { type: 'string' } },
  words: [0, 1],
  async run(invocation) {
    const { terminal, json, positionals, database } = invocation
    const [entity = null] = positionals
    if (entity !== null && !/^[a-z][a-z-]*:./.test(entity))
      throw new UsageError(`"${entity}" does not read like booking:42`)
    const filter = { entity, name: textOption(invocation, 'name') ?? null }
    const { interrupted } = terminal
    const { run } = database()
    const lineFor = (event: TailEvent) => (json ? shownJson(event) : shown(lineOf(event)))
    const beginLook = onlyNew()
    let since = instantOption('since', textOption(invocation, 'since')) ?? (await databaseNow(run))
    while (!interrupted.aborted) {
      const nextSince = new Date((await databaseNow(run)).getTime() - overlapMs)
      const fresh = beginLook(nextSince)
      for await (const events of eventsSince(run, since, filter)) {
        for (const event of fresh(events)) terminal.out(`${lineFor(event)}\n`)
        if (interrupted.aborted) break
      }
      since = nextSince
      await delay(lookEveryMs, undefined, { signal: interrupted }).catch(() => {})
    }
  },
}

function lineOf({ at, name, state, attempts, entity, id, why }: TailEvent): string {
  const count = attempts > 1 ? ` ×${attempts}` : ''
  const parts = [
    at.slice(11, 23),
    name.padEnd(nameWidth),
    `${state}${count}`.padEnd(stateWidth),
    id,
    entity ?? '',
    why ?? '',
  ]
  return parts.join('  ').trimEnd()
}

async function databaseNow(run: RunStatement): Promise<Date> {
  const [row] = await run<{ now: Date }>({ name: 'tail-now', text: 'select now() as now' })
  return row?.now ?? new Date()
}
