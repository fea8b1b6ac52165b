import { z } from 'zod'
import { durationWords } from '../../ledger/duration-words.ts'
import { entityOfJob, type StoryMoment, storyOf } from '../../ledger/story.ts'
import { summaryOf } from '../../ledger/story-summary.ts'
import { joined, namesIn, wordsOf } from '../../ledger/story-words.ts'
import { answer, type Command, CommandFailed, type Invocation, UsageError } from '../command.ts'
import { table } from '../table.ts'

export const story: Command = {
  name: 'story',
  about: 'Tell everything that happened to an entity, or to what a job is about, in time order.',
  takes: '<kind:id> | <job id>',
  examples: ['story booking:42', 'story booking:42 --json'],
  options: {},
  words: 1,
  async run(invocation) {
    const entity = await entityFor(invocation)
    const moments = await storyOf(invocation.database().run, entity)
    if (moments.length === 0) throw new CommandFailed(`nothing is known of ${entity}`)
    const summary = summaryOf(entity, moments)
    answer(invocation, { entity, summary, moments }, `${summary}\n\n${timeLine(moments)}`)
  },
}

async function entityFor({ positionals, database }: Invocation): Promise<string> {
  const wanted = positionals[0] ?? ''
  if (z.uuid().safeParse(wanted).success) {
    const entity = await entityOfJob(database().run, wanted)
    if (entity === undefined) throw new CommandFailed(`the ledger has no job ${wanted} (any more)`)
    return entity
  }
  if (!/^[a-z][a-z-]*:./.test(wanted)) throw new UsageError(`"${wanted}" is neither like booking:42 nor a job id`)
  return wanted
}

function timeLine(moments: readonly StoryMoment[]): string {
  const nameOf = namesIn(moments)
  const startMs = moments[0]?.atMs ?? 0
  const rows = moments.map(moment => {
    const { title, detail, more, id } = wordsOf(moment, nameOf)
    return [`+${durationWords(moment.atMs - startMs)}`, moment.lane, title, joined([detail, more, id])]
  })
  return table(['time', 'lane', 'what', ''], rows)
}
