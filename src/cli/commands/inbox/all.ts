import type { Command } from '../../command.ts'
import { list } from './list.ts'
import { replay } from './replay.ts'
import { show } from './show.ts'

/** Everything about what the webhooks received. */
export const inboxCommands: readonly Command[] = [list, show, replay]
