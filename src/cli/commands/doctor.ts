import { loadCatalog } from '../../../queues/catalog.ts'
import { ConfigurationFaults } from '../../config/faults.ts'
import type { Config } from '../../config/load.ts'
import { answer, type Command, CommandFailed, type Invocation } from '../command.ts'
import { examine } from '../doctor/examine.ts'
import type { Finding } from '../doctor/finding.ts'

export const doctor: Command = {
  name: 'doctor',
  about:
    'Examine configuration, stores, clocks, migrations, processes, queues and schedules; name each fault and its cure.',
  takes: '',
  examples: ['doctor', 'doctor --json'],
  options: {},
  words: 0,
  async run(invocation) {
    const findings = await findingsOf(invocation)
    const bad = findings.filter(({ severity }) => severity === 'bad').length
    const blocks = findings.map(
      ({ severity, check, what, cure }) => `${severity.toUpperCase()}  ${check}: ${what}\n      cure: ${cure}`,
    )
    answer(invocation, { ok: bad === 0, findings }, blocks.length > 0 ? blocks.join('\n') : 'All is well.')
    if (bad > 0) throw new CommandFailed(`${bad} fault(s), ${findings.length - bad} warning(s).`)
  },
}

async function findingsOf(invocation: Invocation): Promise<Finding[]> {
  let config: Config
  try {
    config = invocation.config
  } catch (error) {
    if (!(error instanceof ConfigurationFaults)) throw error
    return error.faults.map(({ variable, expected, example, seen }) => ({
      check: 'configuration',
      severity: 'bad',
      what: `${variable}: expected ${expected}; seen ${seen}`,
      cure: example === null ? `unset ${variable}` : `set ${variable}, for example to ${example}`,
    }))
  }
  const { run, knex } = invocation.database()
  return await examine({ config, run, knex, catalog: await loadCatalog(), now: Date.now })
}
