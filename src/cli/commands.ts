import type { Command } from './command.ts'
import { keyCommands } from './commands/keys.ts'
import { operatorCommands } from './commands/operators.ts'
import { show } from './commands/show.ts'
import { story } from './commands/story.ts'
import { types } from './commands/types.ts'

/** Everything the command line does, in the order of its help. */
export const commands: readonly Command[] = [types, show, story, ...keyCommands, ...operatorCommands]
