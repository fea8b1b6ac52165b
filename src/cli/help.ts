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
    `Every command takes --json (for programs) and --help (with examples).`,
    'Exit codes: 0 done, 1 failed, 2 not understood.',
    '',
  ].join('\n')
}

export function commandHelp({ name, about, takes, examples }: Command): string {
  const usage = [call, name, takes, '[--json]'].filter(Boolean).join(' ')
  return [about, '', `Usage: ${usage}`, '', 'Examples:', ...examples.map(example => `  ${call} ${example}`), ''].join(
    '\n',
  )
}
