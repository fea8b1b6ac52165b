import { userInfo } from 'node:os'
import { type Invocation, textOption, UsageError } from './command.ts'

const actorForm = /^[^\p{C}]{1,254}$/u

/** Who asks for a change: `--by`, or the user of the operating system as `cli:<name>`. Throws {@link UsageError}. */
export function actorOf(invocation: Invocation): string {
  const by = textOption(invocation, 'by')?.trim()
  if (by === undefined) return `cli:${systemUser()}`
  if (!actorForm.test(by)) throw new UsageError('--by names who asks for it, in 1 to 254 characters')
  return by
}

function systemUser(): string {
  try {
    return userInfo().username
  } catch {
    // In a container the user may have no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
