import type { Command } from './command.ts'

const call = 'npm run jobs --'

/** All commands, one a line. */
export function overviewHelp(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  const lines = commands.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`)
  return [
    `Usage: ${call} <command> [options]`,
    '',
    ...lines,
    '',
    'Every command takes --json (for programs) and --help (with examples); what changes something takes --by <who>.',
    'Exit codes: 0 done, 1 failed, 2 not understood.',
    '',
  ].join('\n')
}

/** How a command is called. */
export function usageOf({ name, takes, changes }: Command): string {
  return [call, name, takes, changes ? '[--by <who>]' : '', '[--json]'].filter(Boolean).join(' ')
}

export function commandHelp(command: Command): string {
  const { about, examples } = command
  return [
    about,
    '',
    `Usage: ${usageOf(command)}`,
    '',
    'Examples:',
    ...examples.map(one => `  ${call} ${one}`),
    '',
  ].join('\n')
}
