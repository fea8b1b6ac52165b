import { askSecret } from './ask-secret.ts'
import { runCli } from './run-cli.ts'

// The command line: npm run jobs -- <command>. See --help.

process.exitCode = await runCli(
  process.argv.slice(2),
  { out: text => void process.stdout.write(text), askSecret },
  text => void process.stderr.write(text),
)
