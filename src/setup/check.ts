import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// What `npm run check` runs, in this order, up to the first that fails. `--without-tests` leaves the last one out.

const BIN = join(import.meta.dirname, '../../node_modules/.bin')

const STEPS: readonly { name: string; program: string; args: readonly string[] }[] = [
  { name: 'format', program: join(BIN, 'biome'), args: ['format', '.'] },
  { name: 'lint', program: join(BIN, 'oxlint'), args: ['-c', '.oxlintrc.json', '--type-aware', '--deny-warnings'] },
  { name: 'types', program: join(BIN, 'tsc'), args: [] },
  { name: 'dead code', program: join(BIN, 'knip'), args: ['--no-progress'] },
  { name: 'tests', program: process.execPath, args: [join(import.meta.dirname, 'test.ts')] },
]

const steps = process.argv.includes('--without-tests') ? STEPS.filter(step => step.name !== 'tests') : STEPS
for (const { name, program, args } of steps) {
  process.stdout.write(`\n== ${name}\n`)
  const { status } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) {
    process.stdout.write(`check: ${name} failed\n`)
    process.exit(1)
  }
}
