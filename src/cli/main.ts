import { runCli } from './run-cli.ts'
import { processTerminal } from './terminal.ts'

// The command line: npm run jobs -- <command>. See --help.

process.exitCode = await runCli(process.argv.slice(2), processTerminal(), text => void process.stderr.write(text))
