import { z } from 'zod'
import { planReplay, type ReplayPlan } from '../../ledger/replay-look.ts'
import { createReplay, type Replay, resumeReplay, stopReplay } from '../../ledger/replays.ts'
import { change } from '../change.ts'
import { answer, type Command, CommandFailed, type Invocation, textOption, UsageError } from '../command.ts'
import { deadFilterOf, deadOptions, filterWords } from '../dead-filter.ts'
import { instantOption, numberOption } from '../read-time.ts'
import { leftWords, replayFacts, replayText } from '../replay-text.ts'
import { runReplay } from '../run-replay.ts'

const usualRate = 50
const maxRate = 10_000

export const replay: Command = {
  name: 'replay',
  about: 'Retry dead jobs by type, error and time, at a rate. What took effect is not repeated; it can be resumed.',
  takes:
    '[--name <type>] [--error <beginning>] [--since <instant|ago>] [--until <instant|ago>] [--all] [--dry-run] [--rate <per second>] | --resume <id> | --stop <id>',
  examples: [
    'replay --name sms.send --error twilio-auth --since 2h --dry-run',
    'replay --name sms.send --error twilio-auth --since 2h --rate 20 --by ada@example.com',
    'replay --resume 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
    'replay --stop 0199a5f0-7c1e-7b3a-9d2e-3f4a5b6c7d8e',
  ],
  options: {
    ...deadOptions,
    all: { type: 'boolean' },
    'dry-run': { type: 'boolean' },
    rate: { type: 'string' },
    resume: { type: 'string' },
    stop: { type: 'string' },
  },
  words: 0,
  changes: true,
  async run(invocation) {
    const resume = replayIdIn(invocation, 'resume')
    const stop = replayIdIn(invocation, 'stop')
    if (stop !== undefined) return await stopOne(invocation, stop)
    const begun = resume === undefined ? await begin(invocation) : await goOn(invocation, resume)
    if (!begun) return
    const ended = await runReplay(invocation, begun)
    answer(invocation, replayFacts(ended), replayText(ended))
    if (ended.state !== 'done')
      throw new CommandFailed(`Stopped. Go on with: npm run jobs -- replay --resume ${ended.id}`)
  },
}

/** Plans and writes down a new replay; undefined when nothing is to be done, which is then said. */
async function begin(invocation: Invocation): Promise<Replay | undefined> {
  const filter = { ...deadFilterOf(invocation), until: instantOption('until', textOption(invocation, 'until')) }
  const isNarrowed = [filter.name, filter.error, filter.since].some(value => value !== null)
  if (!isNarrowed && invocation.options['all'] !== true) {
    throw new UsageError('say which: --name, --error or --since; or --all for every dead job')
  }
  const ratePerSecond = numberOption('rate', textOption(invocation, 'rate'), [1, maxRate]) ?? usualRate
  const { terminal } = invocation
  const plan = await planReplay(invocation.database().run, filter, count =>
    terminal.progress(`looking: ${count} match`),
  )
  terminal.progress('')
  if (invocation.options['dry-run'] === true || plan.retry === 0) {
    answer(
      invocation,
      { dry_run: true, ...planFacts(plan) },
      `${planText(plan, filterWords(filter))}\nNothing was changed.`,
    )
    return undefined
  }
  if (!invocation.json) invocation.terminal.out(`${planText(plan, filterWords(filter))}\n`)
  return await change(invocation, async ({ run, who, note }) => {
    const made = await createReplay(run, { filter, ratePerSecond, who, total: plan.matching })
    await note('replay.start', `replay:${made.id}`, { ...filter, rate: ratePerSecond, matching: plan.matching })
    return made
  })
}

async function goOn(invocation: Invocation, id: string): Promise<Replay> {
  return await change(invocation, async ({ run, note }) => {
    const resumed = await resumeReplay(run, id)
    if (!resumed) throw new CommandFailed(`there is no replay ${id} that could go on: see "replays"`)
    await note('replay.resume', `replay:${id}`, { retried: resumed.retried, total: resumed.total })
    return resumed
  })
}

async function stopOne(invocation: Invocation, id: string): Promise<void> {
  const stopped = await change(invocation, async ({ run, note }) => {
    const found = await stopReplay(run, id)
    if (!found) throw new CommandFailed(`there is no running replay ${id}: see "replays"`)
    await note('replay.stop', `replay:${id}`, { retried: found.retried, total: found.total })
    return found
  })
  answer(invocation, replayFacts(stopped), replayText(stopped))
}

function planFacts({ matching, retry, left, keptEffects, samples }: ReplayPlan) {
  return { matching, retry, skipped: left, kept_effects: keptEffects, samples }
}

function planText({ matching, retry, left, keptEffects, samples }: ReplayPlan, filter: string): string {
  const lines = [
    `${matching} dead job(s) match: ${filter}.`,
    `${retry} to be retried${samples.length > 0 ? `, such as ${samples.slice(0, 2).join(', ')}` : ''}.`,
    ...leftWords(left),
  ]
  if (keptEffects > 0) lines.push(`${keptEffects} effect(s) of these jobs took place before: they are not repeated.`)
  return lines.join('\n')
}

function replayIdIn(invocation: Invocation, option: 'resume' | 'stop'): string | undefined {
  const text = textOption(invocation, option)
  if (text === undefined) return undefined
  const others = Object.keys(invocation.options).filter(name => ![option, 'json', 'by'].includes(name))
  if (others.length > 0)
    throw new UsageError(`--${option} goes on with what was asked for then: leave out --${others[0]}`)
  const id = z.uuid().safeParse(text)
  if (!id.success) throw new UsageError(`--${option} takes the id that "replays" shows`)
  return id.data
}
