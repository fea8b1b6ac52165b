import { setTimeout as delay } from 'node:timers/promises'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { askToDrain, pausedAmong, standOf, workLeft } from '../drain/read-work.ts'
import { queuesOf } from '../find-queues.ts'
import { numberOption, spanMs } from '../read-time.ts'

const lookEveryMs = 500
const maxNames = 200
const maxProcessId = 999_999_999

export const drain: Command = {
  name: 'drain',
  about: 'Wait until queues are empty; or ask one worker process to finish what it runs and end, and wait for that.',
  takes: '<queue | domain.*> … | --all | --process <id> [--timeout <span>]',
  examples: ['drain sms.send --timeout 10m', 'drain --all', 'drain --process 12 --by ada@example.com'],
  options: { all: { type: 'boolean' }, process: { type: 'string' }, timeout: { type: 'string' } },
  words: [0, maxNames],
  changes: true,
  async run(invocation) {
    const processId = numberOption('process', textOption(invocation, 'process'), [1, maxProcessId])
    if (processId === undefined) return await drainQueues(invocation)
    if (invocation.positionals.length > 0 || invocation.options['all'] === true) {
      throw new UsageError('either queues, or --process')
    }
    await drainProcess(invocation, processId)
  },
}

async function drainQueues(invocation: Invocation): Promise<void> {
  const names = (await queuesOf(invocation)).map(({ name }) => name)
  const { run } = invocation.database()
  const paused = await pausedAmong(run, names)
  if (paused.length > 0) throw new CommandFailed(`paused, so never empty: ${paused.join(', ')}. Resume first.`)
  const left = await waitFor(invocation, async () => {
    const found = await workLeft(run, names)
    return { found, isDone: found.open === 0, progress: `${found.open} open` }
  })
  const facts = { queues: names, open: left.found.open, later: left.found.later }
  const later = left.found.later > 0 ? ` ${left.found.later} job(s) are due at a later time.` : ''
  answer(invocation, facts, left.isDone ? `Empty: ${names.join(', ')}.${later}` : `${left.found.open} open.${later}`)
  if (!left.isDone) throw new CommandFailed('Not empty yet.')
}

async function drainProcess(invocation: Invocation, id: number): Promise<void> {
  const { run } = invocation.database()
  await change(invocation, async ({ run: inside, note }) => {
    if (!(await askToDrain(inside, id))) throw new CommandFailed(`no worker process ${id} is alive: "top" shows them`)
    await note('process.drain', `process:${id}`)
  })
  const end = await waitFor(invocation, async () => {
    const stand = await standOf(run, id)
    const isDone = stand === undefined || stand.state === 'gone'
    return { found: stand, isDone, progress: `${stand?.running_jobs ?? 0} job(s) still run there` }
  })
  const facts = { process: id, state: end.found?.state ?? 'gone', running_jobs: end.found?.running_jobs ?? 0 }
  answer(invocation, facts, end.isDone ? `Process ${id} has ended.` : `Process ${id} is ${facts.state}.`)
  if (!end.isDone) throw new CommandFailed('It has not ended yet; it goes on draining.')
}

/** Looks until it is done, the time is over, or Ctrl-C; answers the last look. */
async function waitFor<T extends { readonly isDone: boolean; readonly progress: string }>(
  invocation: Invocation,
  look: () => Promise<T>,
): Promise<T> {
  const { terminal } = invocation
  const { interrupted } = terminal
  const deadline = performance.now() + timeoutMs(invocation)
  for (;;) {
    const seen = await look()
    if (seen.isDone || interrupted.aborted || performance.now() > deadline) return seen
    terminal.progress(seen.progress)
    await delay(lookEveryMs, undefined, { signal: interrupted }).catch(() => {})
  }
}

function timeoutMs(invocation: Invocation): number {
  const text = textOption(invocation, 'timeout')
  if (text === undefined) return Number.POSITIVE_INFINITY
  const span = spanMs(text)
  if (span === undefined) throw new UsageError('--timeout takes a span: 90s, 15m, 2h, 1d')
  return span
}
