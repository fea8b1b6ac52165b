import type { Command } from '../../command.ts'
import { list } from './list.ts'
import { pause } from './pause.ts'
import { preview } from './preview.ts'
import { put } from './put.ts'
import { resume } from './resume.ts'
import { rm } from './rm.ts'
import { run } from './run.ts'

export const scheduleCommands: readonly Command[] = [list, preview, run, pause, resume, put, rm]
