import { parseArgs } from 'node:util'
import { ConfigurationFaults } from '../config/faults.ts'
import { type Config, loadConfig } from '../config/load.ts'
import { connectDatabase, type Database } from '../db/connect.ts'
import { isDatabaseAway } from '../db/database-away.ts'
import { type Command, CommandFailed, type Invocation, type Terminal, UsageError } from './command.ts'
import { commands } from './commands.ts'
import { commandHelp, overviewHelp, usageOf } from './help.ts'

const done = 0
const failed = 1
const misused = 2

/** Runs one command line. Answers the exit code: 0 done, 1 failed, 2 not understood. `complain` gets what went wrong. */
export async function runCli(
  args: readonly string[],
  terminal: Terminal,
  complain: (text: string) => void,
  env?: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const called = calledBy(args)
  if (!called) return withoutCommand(args, terminal, complain)
  const { command, rest } = called
  try {
    await runCommand(command, rest, terminal, env)
    return done
  } catch (error) {
    if (!(error instanceof UsageError)) {
      complain(`${faultText(error)}\n`)
      return failed
    }
    complain(`${error.message}\nUsage: ${usageOf(command)}\n`)
    return misused
  }
}

/** `keys` alone, as `keys --json`, is `keys list`. */
function calledBy(args: readonly string[]): { readonly command: Command; readonly rest: string[] } | undefined {
  const command = commands.find(({ name }) => name.split(' ').every((word, index) => args[index] === word))
  if (command) return { command, rest: args.slice(command.name.split(' ').length) }
  const list = commands.find(({ name }) => name === `${args[0]} list`)
  const isAlone = args.slice(1).every(word => word.startsWith('-') && !asksHelp(word))
  return list && isAlone ? { command: list, rest: args.slice(1) } : undefined
}

function asksHelp(word: string): boolean {
  return word === '--help' || word === '-h'
}

function withoutCommand(args: readonly string[], terminal: Terminal, complain: (text: string) => void): number {
  const words = args.filter(word => !word.startsWith('-'))
  const group = commands.filter(({ name }) => name.startsWith(`${words[0]} `))
  const isHelp = args.some(asksHelp) || words[0] === 'help'
  if (isHelp) terminal.out(overviewHelp(group.length > 0 ? group : commands))
  else
    complain(
      `${words.length === 0 ? 'No command given.' : `There is no command "${words.join(' ')}".`}\n\n${overviewHelp(group.length > 0 ? group : commands)}`,
    )
  return isHelp ? done : misused
}

async function runCommand(
  command: Command,
  args: string[],
  terminal: Terminal,
  env: Readonly<Record<string, string | undefined>> | undefined,
): Promise<void> {
  const { values, positionals } = parsed(command, args)
  if (values['help'] === true) return terminal.out(commandHelp(command))
  const [fewest, most] = typeof command.words === 'number' ? [command.words, command.words] : command.words
  if (positionals.length < fewest) throw new UsageError('something is missing')
  if (positionals.length > most) throw new UsageError(`"${positionals[most]}" is too much`)
  let config: Config | undefined
  let database: Database | undefined
  const invocation: Invocation = {
    positionals,
    options: values,
    json: values['json'] === true,
    terminal,
    get config() {
      return (config ??= env === undefined ? loadConfig() : loadConfig(env))
    },
    database: () =>
      (database ??= connectDatabase(invocation.config.database.url, { poolMax: 2, name: 'hbnb-jobs-cli' })),
  }
  try {
    await command.run(invocation)
  } finally {
    terminal.progress('')
    await database?.close()
  }
}

function parsed(command: Command, args: string[]) {
  try {
    const by = command.changes ? ({ by: { type: 'string' } } as const) : {}
    const common = { ...by, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...command.options, ...common },
    })
    return { values: values as Invocation['options'], positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'the options could not be read')
  }
}

const undefinedTable = '42P01'
const undefinedSchema = '3F000'

function faultText(error: unknown): string {
  if (error instanceof CommandFailed || error instanceof ConfigurationFaults) return error.message
  if (isDatabaseAway(error)) return 'Postgres does not answer: is it running, and does DATABASE_URL name it?'
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === undefinedTable || code === undefinedSchema)
    return 'the database has no tables of ours yet: run "npm run migrate"'
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something went wrong'
}
