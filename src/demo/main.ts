import { parseArgs } from 'node:util'
import { demoEnvironment } from '../config/demo-environment.ts'
import { createOperator } from '../db/operators.ts'
import { createSignInLink } from '../db/sessions.ts'
import { closingLine, type Evidence, evidenceTable } from './evidence.ts'
import { oneCall } from './one-call.ts'
import { type Parts, startParts } from './parts.ts'
import { tellBooking } from './platform.ts'
import { killedWhileSending, mailAnswerLost, mainJob, smsAnswerLost } from './scenes.ts'

const usage = `npm run demo -- [--once] [--dev]

  Starts database, sandbox, intake, relay and worker, runs the main job on real input,
  breaks things on purpose and shows how often each message was asked for and sent.

  --once   end afterwards: exit code 0 when every row passed, else 1 (also with CI set or without a terminal)
  --dev    only start everything and stay up
`

const { values } = parseArgs({
  options: { once: { type: 'boolean' }, dev: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
})

/** 128 + SIGINT, as shells have it. */
const interruptedExitCode = 130
const write = (text: string) => void process.stdout.write(`${text}\n`)
const startedMs = performance.now()
const say = (step: string) => write(`  ${((performance.now() - startedMs) / 1_000).toFixed(1).padStart(5)} s  ${step}`)

/** What the demo has to show: its evidence, and the story of each booking by name. */
interface Shown {
  readonly rows: Evidence[]
  readonly stories: (readonly [name: string, entity: string])[]
}

const nothing: Shown = { rows: [], stories: [] }

async function breakThings(parts: Parts, run: string): Promise<Shown> {
  say('running the main job: booking.confirmed → e-mail, SMS, push')
  const ordinary = await mainJob(parts, run)
  say('telling a guest something with one call')
  const told = await oneCall(parts, run)
  say('breaking things: the provider takes a mail and hangs up')
  const mail = await mailAnswerLost(parts, run)
  say('breaking things: the provider takes an SMS and hangs up')
  const sms = await smsAnswerLost(parts, run)
  say('breaking things: kill -9 of the worker while it sends (about 15 s)')
  const killed = await killedWhileSending(parts, run)
  return {
    rows: [...ordinary.rows, told.row, mail.row, sms.row, killed.row],
    stories: [
      ['the main job', ordinary.booking.entity],
      ['one call', told.booking.entity],
      ['mail answer lost', mail.booking.entity],
      ['SMS answer lost', sms.booking.entity],
      ['worker killed', killed.booking.entity],
    ],
  }
}

async function links(parts: Parts, run: string, stories: Shown['stories']): Promise<string> {
  const { knex } = parts.database
  const email = `operator-${run}@hbnb.example`
  await createOperator(knex, { email, password: null, role: 'admin' })
  const { id, entity } = await tellBooking(parts, `${run}-curl`, 0)
  const payload = JSON.stringify({ user_id: `guest-${id}`, template: 'booking-confirmation', booking_id: id })
  const named: [string, string][] = [
    ['sign in (once)', `${parts.intakeUrl}${await createSignInLink(knex, email)}`],
    ...stories.map(([name, story]): [string, string] => [`story: ${name}`, `${parts.intakeUrl}/admin/story/${story}`]),
    ['Bull Board', `${parts.intakeUrl}/admin/queues`],
    ['outbox', `${parts.sandboxUrl}/outbox`],
    ['API docs', `${parts.intakeUrl}/docs`],
    ['process logs', parts.logFolder],
  ]
  return [
    ...named.map(([name, url]) => `  ${name.padEnd(24)} ${url}`),
    '',
    '  for the command line and the pages of docs/, in another terminal:',
    `  export HBNB_JOBS_URL=${parts.intakeUrl} HBNB_JOBS_KEY=${parts.apiKey} BOOKING_ID=${id} WEBHOOK_SECRET=${parts.webhookSecret} DATABASE_URL=${parts.databaseUrl}`,
    '',
    '  enqueue one yourself:',
    `  curl -X POST '${parts.intakeUrl}/v1/jobs/notifications.send?entity=${entity}' -H 'Authorization: Bearer ${parts.apiKey}' \\`,
    `    -H 'Content-Type: application/json' -d '${payload}'`,
  ].join('\n')
}

async function untilInterrupted(): Promise<void> {
  await new Promise<void>(resolve => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

async function main(): Promise<number> {
  const env = demoEnvironment()
  const staysUp = values.dev === true || (values.once !== true && env.CI === undefined && process.stdout.isTTY)
  const run = Date.now().toString(36)
  write('hbnb-jobs demo')
  const interrupted = untilInterrupted()
  const parts = await startParts(env, say)
  try {
    const shown = values.dev === true ? nothing : await Promise.race([breakThings(parts, run), interrupted])
    if (shown && shown.rows.length > 0) write(`\nqueues in ${parts.queueKind}\n\n${evidenceTable(shown.rows)}\n`)
    if (shown && staysUp) {
      write(await links(parts, run, shown.stories))
      write('\n  running; Ctrl-C stops everything\n')
      await interrupted
    }
    say('stopping')
    await parts.stop()
    if (values.dev === true) return 0
    if (!shown) return interruptedExitCode
    write(closingLine(shown.rows))
    return shown.rows.length > 0 && shown.rows.every(({ ok }) => ok) ? 0 : 1
  } catch (error) {
    await parts.stop()
    throw error
  }
}

if (values.help) write(usage)
else
  process.exitCode = await main().catch((error: unknown) => {
    write(`demo: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  })
