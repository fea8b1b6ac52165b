import type { Command } from './command.ts'
import { cancel } from './commands/cancel.ts'
import { dead } from './commands/dead.ts'
import { keyCommands } from './commands/keys.ts'
import { operatorCommands } from './commands/operators.ts'
import { pause } from './commands/pause.ts'
import { replay } from './commands/replay.ts'
import { replays } from './commands/replays.ts'
import { resume } from './commands/resume.ts'
import { retry } from './commands/retry.ts'
import { scheduleCommands } from './commands/schedules/all.ts'
import { show } from './commands/show.ts'
import { story } from './commands/story.ts'
import { types } from './commands/types.ts'

/** Everything the command line does, in the order of its help. */
export const commands: readonly Command[] = [
  types,
  show,
  story,
  retry,
  cancel,
  dead,
  replay,
  replays,
  pause,
  resume,
  ...scheduleCommands,
  ...keyCommands,
  ...operatorCommands,
]
