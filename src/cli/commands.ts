import type { Command } from './command.ts'
import { audit } from './commands/audit.ts'
import { cancel } from './commands/cancel.ts'
import { dead } from './commands/dead.ts'
import { doctor } from './commands/doctor.ts'
import { drain } from './commands/drain.ts'
import { enqueue } from './commands/enqueue.ts'
import { inboxCommands } from './commands/inbox/all.ts'
import { keyCommands } from './commands/keys.ts'
import { list } from './commands/list.ts'
import { operatorCommands } from './commands/operators.ts'
import { pause } from './commands/pause.ts'
import { replay } from './commands/replay.ts'
import { replays } from './commands/replays.ts'
import { resume } from './commands/resume.ts'
import { retry } from './commands/retry.ts'
import { scheduleCommands } from './commands/schedules/all.ts'
import { show } from './commands/show.ts'
import { story } from './commands/story.ts'
import { sync } from './commands/sync.ts'
import { syncCommands } from './commands/syncs.ts'
import { tail } from './commands/tail.ts'
import { top } from './commands/top.ts'
import { types } from './commands/types.ts'
import { why } from './commands/why.ts'

/** Everything the command line does, in the order of its help. */
export const commands: readonly Command[] = [
  types,
  enqueue,
  list,
  show,
  story,
  why,
  tail,
  top,
  retry,
  cancel,
  dead,
  replay,
  replays,
  pause,
  resume,
  audit,
  drain,
  doctor,
  ...inboxCommands,
  ...scheduleCommands,
  sync,
  ...syncCommands,
  ...keyCommands,
  ...operatorCommands,
]
