import { inboxSources } from '../db/inbox-job.ts'
import { type InboxFilter, inboxStates } from '../db/inbox-search.ts'
import { type Invocation, textOption, UsageError } from './command.ts'
import { instantOption } from './read-time.ts'

/** The options that say which events of the inbox are meant. */
export const inboxOptions = {
  source: { type: 'string' },
  type: { type: 'string' },
  entity: { type: 'string' },
  state: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
} as const

/** How {@link inboxOptions} are written. */
export const inboxTakes =
  '[--source <source>] [--type <type>] [--entity <kind:id>] [--state <state>] [--since <instant|ago>] [--until <instant|ago>]'

/** Reads them. Throws {@link UsageError} naming one that is not understood. */
export function inboxFilterOf(invocation: Invocation): InboxFilter {
  return {
    source: oneOf(invocation, 'source', inboxSources),
    type: textOption(invocation, 'type'),
    entity: textOption(invocation, 'entity'),
    state: oneOf(invocation, 'state', inboxStates),
    since: instantOption('since', textOption(invocation, 'since')) ?? undefined,
    until: instantOption('until', textOption(invocation, 'until')) ?? undefined,
  }
}

function oneOf<const T extends string>(invocation: Invocation, name: string, known: readonly T[]): T | undefined {
  const text = textOption(invocation, name)
  const found = known.find(one => one === text)
  if (text !== undefined && found === undefined) throw new UsageError(`--${name} takes one of ${known.join(', ')}`)
  return found
}
