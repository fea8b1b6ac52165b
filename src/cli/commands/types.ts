import { z } from 'zod'
import { loadCatalog } from '../../../queues/catalog.ts'
import { answer, type Command } from '../command.ts'
import { table } from '../table.ts'

export const types: Command = {
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
