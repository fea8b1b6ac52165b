import { z } from 'zod'
import { type Invocation, textOption, UsageError } from './command.ts'

/** An option that takes an id. Throws {@link UsageError} naming it. */
export function idOption(invocation: Invocation, name: string): string | undefined {
  const text = textOption(invocation, name)
  if (text === undefined) return undefined
  const id = z.uuid().safeParse(text)
  if (!id.success) throw new UsageError(`--${name} takes an id such as 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e`)
  return id.data
}
