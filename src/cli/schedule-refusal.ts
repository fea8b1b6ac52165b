import { InvalidPayload } from '../ledger/new-job.ts'
import { ScheduleRefused } from '../ledger/schedules/schedule-refused.ts'
import { CommandFailed } from './command.ts'

/** Runs what touches a schedule; a refusal is told field by field. */
export async function tellingRefusals<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ScheduleRefused) && !(error instanceof InvalidPayload)) throw error
    throw new CommandFailed([error.message, ...issueLines(error.issues)].join('\n'))
  }
}

/** One line per refused field. */
export function issueLines(issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]) {
  return issues.map(({ path, message }) => `  ${path.map(String).join('.') || 'the whole'}: ${message}`)
}

/** What there is to say where no schedule has the key. */
export function noSuchSchedule(key: string | undefined): CommandFailed {
  return new CommandFailed(`there is no schedule "${key}": see "schedules list"`)
}
