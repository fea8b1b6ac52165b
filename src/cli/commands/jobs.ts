import { z } from 'zod'
import { loadCatalog } from '../../../queues/catalog.ts'
import { durationWords } from '../../ledger/duration-words.ts'
import { findJobStatus, type JobStatus } from '../../ledger/status.ts'
import { entityOfJob, type StoryMoment, storyOf } from '../../ledger/story.ts'
import { summaryOf } from '../../ledger/story-summary.ts'
import { joined, namesIn, wordsOf } from '../../ledger/story-words.ts'
import { answer, type Command, CommandFailed, type Invocation, UsageError } from '../command.ts'
import { instant, table } from '../table.ts'

const show: Command = {
  name: 'show',
  about: 'Show what became of one job: state, attempts, effects, children.',
  takes: '<job id>',
  examples: ['show 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e', 'show 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e --json'],
  options: {},
  words: 1,
  async run(invocation) {
    const id = z.uuid().safeParse(invocation.positionals[0])
    if (!id.success)
      throw new UsageError(`"${invocation.positionals[0]}" is not a job id: ids look like 0199a5f0-7c1e-…`)
    const { run, knex } = invocation.database()
    const row = await knex('hbnb_jobs.jobs').where({ id: id.data }).first<{ tenant: string } | undefined>('tenant')
    const status = row && (await findJobStatus(run, id.data, row.tenant))
    if (!row || !status) throw new CommandFailed(`the ledger has no job ${id.data} (any more)`)
    answer(invocation, { ...status, tenant: row.tenant }, statusText(status, row.tenant))
  },
}

function statusText(status: JobStatus, tenant: string): string {
  const facts: [string, string | null | undefined][] = [
    ['state', joined([status.state, status.reason, status.error?.message])],
    ['id', status.id],
    ['about', status.entity],
    ['tenant', tenant],
    ['accepted', instant(status.accepted_at)],
    ['next look', status.next_at && instant(status.next_at)],
    ['finished', status.finished_at && instant(status.finished_at)],
    ['result', status.result === null ? null : JSON.stringify(status.result)],
  ]
  const lines = facts.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${value}`] : []))
  const attempts = status.attempts_log.map(one => [
    one.attempt,
    one.ending,
    instant(one.ended_at),
    one.error?.message ?? '',
  ])
  const effects = status.effects.map(one => [one.key, one.provider, one.state, one.sends, one.provider_id ?? '-'])
  const children = status.children.map(one => [one.id, one.name, one.state])
  return [
    status.name,
    ...lines,
    ...section(['attempt', 'ending', 'ended', 'why'], attempts),
    ...section(['effect', 'provider', 'state', 'sends', 'provider id'], effects),
    ...section(['child', 'job', 'state'], children),
  ].join('\n')
}

function section(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  return rows.length > 0 ? ['', table(heads, rows)] : []
}

const story: Command = {
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

const types: Command = {
  name: 'types',
  about: 'List every job type with what it does.',
  takes: '',
  examples: ['types', 'types --json'],
  options: {},
  words: 0,
  async run(invocation) {
    const contracts = [...(await loadCatalog()).values()]
    const rows = contracts.map(({ name, version, open, about }) => [name, version, open ? 'open' : '', about])
    const facts = contracts.map(({ name, version, open, about, payload }) => ({
      name,
      version,
      open,
      about,
      payload: z.toJSONSchema(payload, { io: 'input' }),
    }))
    answer(invocation, facts, table(['name', 'version', 'open', 'about'], rows))
  },
}

export const jobCommands: readonly Command[] = [show, story, types]
