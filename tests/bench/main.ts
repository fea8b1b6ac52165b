import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Bench } from './bench.ts'
import { engine } from './engine.ts'
import { fairness } from './fairness.ts'
import { growth } from './growth.ts'
import { intake } from './intake.ts'
import { latency } from './latency.ts'
import { lineText } from './line.ts'
import { sse } from './sse.ts'
import { sync } from './sync.ts'
import { webhooksIn } from './webhooks-in.ts'

const benches: Readonly<Record<string, { readonly about: string; readonly run: Bench }>> = {
  engine: { about: 'jobs per second through the whole runtime, against BullMQ alone', run: engine },
  intake: {
    about: 'jobs per second through the door, alone and in bulk, against Express and BullMQ alone',
    run: intake,
  },
  latency: { about: 'from accept to start at 100, 500 and 2,000 jobs per second, against BullMQ alone', run: latency },
  fairness: { about: 'one tenant’s job beside another’s 100,000, against the same job alone', run: fairness },
  sse: { about: 'what 200 event streams cost one process: memory, statements, delay', run: sse },
  sync: { about: '100,000 users in one stream, against multi-row inserts; and its memory', run: sync },
  'webhooks-in': {
    about: 'signed webhooks stored with their jobs, against the same route doing nothing',
    run: webhooksIn,
  },
  growth: { about: 'accepting and draining with 100,000 and 1,000,000 jobs waiting, against none', run: growth },
}
const names = Object.keys(benches)

const usage = `npm run bench -- <${names.join('|')}> [options]

${names.map(name => `  ${name.padEnd(10)} ${benches[name]?.about}`).join('\n')}

  --jobs N          jobs per round
  --rounds N        rounds per variant, alternated (default 3)
  --log-level L     of our processes (default warn)
  --profile FOLDER  CPU profiles of relay and worker of engine's last round
  --json            one object per line
`

const maxJobs = 1_000_000
const maxRounds = 50

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    'log-level': { type: 'string', default: 'warn' },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
const options = z
  .object({
    jobs: z.coerce.number().int().min(1).max(maxJobs).optional(),
    rounds: z.coerce.number().int().min(1).max(maxRounds),
    'log-level': z.enum(['info', 'warn', 'error', 'silent']),
    profile: z.string().optional(),
    json: z.boolean(),
  })
  .safeParse(values)

const say = (step: string) => void process.stderr.write(`  ${step}\n`)

async function main(): Promise<number> {
  const bench = benches[positionals[0] ?? '']
  if (values.help || bench === undefined || !options.success) {
    const fault = options.success ? '' : `${z.prettifyError(options.error)}\n\n`
    process.stderr.write(`${fault}${usage}`)
    return values.help ? 0 : 1
  }
  const { jobs, rounds, 'log-level': logLevel, profile: profileFolder, json } = options.data
  for await (const line of bench.run({ jobs, rounds, logLevel, profileFolder, say })) {
    process.stdout.write(`${json ? JSON.stringify(line) : lineText(line)}\n`)
  }
  return 0
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
  return 1
})
