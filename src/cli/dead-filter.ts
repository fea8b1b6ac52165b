import type { DeadFilter } from '../ledger/dead.ts'
import { type Invocation, textOption } from './command.ts'
import { instantOption } from './read-time.ts'

/** The options that say which dead jobs are meant. */
export const deadOptions = {
  name: { type: 'string' },
  error: { type: 'string' },
  since: { type: 'string' },
  until: { type: 'string' },
} as const

/** Reads them; null where nothing was said. */
export function deadFilterOf(invocation: Invocation): DeadFilter {
  return {
    name: textOption(invocation, 'name') ?? null,
    error: textOption(invocation, 'error') ?? null,
    since: instantOption('since', textOption(invocation, 'since')),
    until: instantOption('until', textOption(invocation, 'until')),
  }
}

/** A filter for people: `email.send, error beginning with "…"`. */
export function filterWords({ name, error, since, until }: DeadFilter): string {
  const words = [
    name ?? 'all job types',
    error === null ? '' : `error beginning "${error}"`,
    since === null ? '' : `since ${since.toISOString()}`,
    until === null ? '' : `until ${until.toISOString()}`,
  ]
  return words.filter(Boolean).join(', ')
}
