import { z } from 'zod'
import { loadCatalog } from '../../../queues/catalog.ts'
import { deliveriesOf } from '../../ledger/why/deliveries.ts'
import { type Explained, explainDeliveries, explainJob } from '../../ledger/why/explain.ts'
import { explainPerson } from '../../ledger/why/explain-person.ts'
import { answer, type Command, CommandFailed, type Invocation, UsageError } from '../command.ts'

export const why: Command = {
  name: 'why',
  about: 'Say in sentences why something was, or was not (yet), sent or run.',
  takes: '<job or notification id> | user:<id>',
  examples: ['why user:7', 'why 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e'],
  options: {},
  words: 1,
  async run(invocation) {
    const [wanted = ''] = invocation.positionals
    const explained = wanted.startsWith('user:')
      ? await aboutPerson(invocation, wanted.slice('user:'.length))
      : await aboutId(invocation, wanted)
    const blocks = explained.map(({ what, state, job_id, why: words }) =>
      [`${what}: ${state}${job_id === null ? '' : `  (${job_id})`}`, ...words.map(line => `  ${line}`)].join('\n'),
    )
    answer(invocation, explained, blocks.join('\n\n'))
  },
}

async function aboutId({ database }: Invocation, wanted: string): Promise<Explained[]> {
  const id = z.uuid().safeParse(wanted)
  if (!id.success)
    throw new UsageError(`"${wanted}" is neither an id nor like user:7; of a booking "story booking:42" tells`)
  const { run } = database()
  const catalog = await loadCatalog()
  const deliveries = await deliveriesOf(run, id.data)
  const own = await explainJob(run, catalog, id.data)
  const explained = [...(own ? [own] : []), ...(await explainDeliveries(run, catalog, deliveries))]
  if (explained.length === 0) throw new CommandFailed(`the ledger has no job and no notification ${id.data} (any more)`)
  return explained
}

async function aboutPerson({ database }: Invocation, userId: string): Promise<Explained[]> {
  const explained = await explainPerson(database().run, await loadCatalog(), userId)
  if (explained.length === 0) {
    throw new CommandFailed(
      `nobody asked to tell user ${userId} anything that the ledger still knows of: was the event sent to us?`,
    )
  }
  return explained
}
