import { z } from 'zod'
import { instant } from '../../ledger/instant.ts'
import type { JobFilter } from '../../ledger/job-filter.ts'
import { type FoundJob, searchJobs } from '../../ledger/search.ts'
import { jobStates } from '../../ledger/status.ts'
import { joined } from '../../ledger/story-words.ts'
import { answer, type Command, type Invocation, textOption, UsageError } from '../command.ts'
import { idOption } from '../id-option.ts'
import { instantOption, numberOption } from '../read-time.ts'
import { table } from '../table.ts'

const usualLimit = 50
const mostPerCall = 1_000
const states = z.array(z.enum(jobStates))

export const list: Command = {
  name: 'list',
  about: 'Find jobs, newest first: by type, state, error, entity, tag, batch, tenant and time of acceptance.',
  takes:
    '[--name <type>] [--state <state,…>] [--error <beginning>] [--entity <kind:id>] [--tag <tag>] [--batch <id>] [--tenant <tenant>] [--since <instant|ago>] [--until <instant|ago>] [--limit <1-1000>] [--before <id>]',
  examples: [
    'list --state failed,quarantined --since 1d',
    'list --entity booking:42',
    'list --name sms.send --error twilio- --json',
  ],
  options: {
    name: { type: 'string' },
    state: { type: 'string' },
    error: { type: 'string' },
    entity: { type: 'string' },
    tag: { type: 'string' },
    batch: { type: 'string' },
    tenant: { type: 'string' },
    since: { type: 'string' },
    until: { type: 'string' },
    limit: { type: 'string' },
    before: { type: 'string' },
  },
  words: 0,
  async run(invocation) {
    const limit = numberOption('limit', textOption(invocation, 'limit'), [1, mostPerCall]) ?? usualLimit
    const before = idOption(invocation, 'before')
    const { jobs, next } = await searchJobs(invocation.database().run, filterOf(invocation), { limit, before })
    const more = next === null ? '' : `\n\nThere are more: go on with --before ${next}`
    const text =
      jobs.length > 0
        ? `${table(['id', 'job', 'state', 'accepted', 'about', 'why'], jobs.map(rowOf))}${more}`
        : 'No job is found.'
    answer(invocation, { jobs, next }, text)
  },
}

function filterOf(invocation: Invocation): JobFilter {
  const given = (name: string) => textOption(invocation, name)
  const wanted = states.safeParse(given('state')?.split(',') ?? [])
  if (!wanted.success) throw new UsageError(`--state takes some of ${jobStates.join(',')}`)
  return {
    name: given('name'),
    states: wanted.data.length > 0 ? wanted.data : undefined,
    error: given('error'),
    entity: given('entity'),
    tag: given('tag'),
    batch: idOption(invocation, 'batch'),
    tenant: given('tenant'),
    since: instantOption('since', given('since')) ?? undefined,
    until: instantOption('until', given('until')) ?? undefined,
  }
}

function rowOf({ id, name, state, attempts, accepted_at, entity, error, reason }: FoundJob): (string | number)[] {
  const why = joined([attempts > 1 ? `${attempts} attempts` : null, error?.message ?? reason])
  return [id, name, state, instant(accepted_at), entity ?? '-', why]
}
