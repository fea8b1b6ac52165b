import { z } from 'zod'
import { CommandFailed, UsageError } from './command.ts'

/** An id of the inbox as it was typed. Throws {@link UsageError}. */
export function eventIdIn(text: string | undefined): string {
  const id = z.uuid().safeParse(text)
  if (!id.success) throw new UsageError(`"${text}" is not an id of the inbox: "inbox list" shows them`)
  return id.data
}

/** What to throw when the inbox does not have it. */
export function noSuchEvent(id: string): CommandFailed {
  return new CommandFailed(`the inbox has no event ${id} (any more)`)
}
