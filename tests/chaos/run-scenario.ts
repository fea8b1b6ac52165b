import { setTimeout as delay } from 'node:timers/promises'
import { type Closed, closedEffects, isUnknowable } from './closed.ts'
import { noteDoubts } from './doubts.ts'
import { interruptionsIn, outagesIn, percentile } from './interrupted.ts'
import { loadOn } from './load.ts'
import { randomOf } from './random.ts'
import type { Result, Scenario, Size, Stage } from './scenario.ts'
import { areEventsOver, moveClock } from './settle-clock.ts'
import { type Backend, type System, startSystem } from './system.ts'
import { type EffectTally, expectedOf, findingsIn, type JobTally, tallyEffects, tallyJobs } from './tally.ts'

/** Reached only when something is broken: a slow machine must not look like that. */
const drainShortMs = 300_000
const drainLongMs = 1_500_000
const lookEveryMs = 250
const namesShown = 5

/** What a run may choose; sizes not given are the scenario's own. */
export interface RunOptions {
  readonly backend: Backend
  readonly seed: number
  readonly isLong: boolean
  readonly jobs?: number | undefined
  readonly say: (line: string) => void
}

/** Plays one scenario on a system of its own and counts what came of it. */
export async function runScenario(scenario: Scenario, options: RunOptions): Promise<Result> {
  const startedMs = performance.now()
  const say = (step: string) => options.say(`${scenario.name}: ${step}`)
  const own = options.isLong ? scenario.long : scenario.short
  const size = { ...own, jobs: options.jobs ?? own.jobs }
  const system = await startSystem(options.backend, scenario.shape)
  try {
    say(`started, ${size.jobs} confirmations or more at ${size.perSecond}/s, ${size.faults} faults`)
    const measured = await play(scenario, system, size, options, say)
    return { ...measured, tookMs: Math.round(performance.now() - startedMs) }
  } finally {
    await system.stop()
  }
}

async function play(
  scenario: Scenario,
  system: System,
  size: Size,
  { seed, isLong }: RunOptions,
  say: (step: string) => void,
): Promise<Omit<Result, 'tookMs'>> {
  const { knex } = system.database
  const random = randomOf(seed).stream(scenario.name)
  const load = loadOn(system, random.stream('load'))
  const interruptions = interruptionsIn(knex, async () => await system.fetchedCopies())
  const outages = outagesIn(knex)
  const mails = new Map<string, number>()
  const doubts = noteDoubts()
  const replacedMs: number[] = []
  let faults = 0
  const stage: Stage = {
    system,
    random: random.stream('faults'),
    load,
    size,
    isLong,
    say,
    fault: (count = 1) => {
      faults += count
    },
    placed: fault => doubts.note(fault),
    interrupted: async (pid, atMs) => void (await interruptions.note(pid, atMs)),
    outage: outages.begin,
    replaced: afterMs => void replacedMs.push(afterMs),
    expectMail: (recipient, times = 1) => void mails.set(recipient, times),
    accepted: id => void load.acceptedIds.push(id),
  }

  let isOver = false
  const played = scenario.play(stage).finally(() => {
    isOver = true
  })
  await Promise.all([played, load.run(size.jobs, size.perSecond, () => isOver)])
  say(
    `all faults are over, ${load.asked.length} confirmations answered after ${load.client.repeats()} repeats; draining`,
  )
  await drained(system, isLong ? drainLongMs : drainShortMs, say)

  const jobs = await tallyJobs(knex, load.acceptedIds)
  const effects = await tallyEffects(system.sandbox, expectedOf(load.asked, mails))
  const met = await doubts.met(system.sandboxUrl)
  const missing = new Set(effects.missing)
  const closed = (await closedEffects(knex)).map(one => ({
    ...one,
    isUnknowable: isUnknowable(one, met, !missing.has(`${one.provider} ${one.recipient}`)),
  }))
  const { open, burnt, held, unended } = await findingsIn(knex)
  if (unended.length > 0) say(`without an outcome: ${unended.join(', ')}`)
  if (held.length > 0) say(`held: ${held.join(', ')}`)
  if (open.length > 0) say(`open: ${open.join(', ')}`)
  if (burnt.length > 0) say(`attempts burnt: ${burnt.join(', ')}`)
  for (const [line, count] of closedLines(closed)) say(`closed by policy: ${count} × ${line}`)
  const intended = jobs.ended.filter(ended => scenario.isIntended?.(ended) === true)
  const measured = {
    restartP99Ms: rounded(percentile(await interruptions.restartsMs(), 0.99)),
    resumeMs: rounded(await outages.longestResumeMs()),
    replacedMs: rounded(percentile(replacedMs, 1)),
  }
  return {
    scenario: scenario.name,
    backend: system.backend,
    seed,
    faults: faults + met.count,
    accepted: jobs.accepted,
    done: jobs.done,
    failedAsIntended: intended.length,
    lost: jobs.lost,
    effectsExpected: effects.expected,
    effectsSeen: effects.seen,
    doubled: effects.doubled,
    unknownOpen: jobs.unknownOpen,
    closedUnknown: closed.filter(one => one.isUnknowable).length,
    burntAttempts: jobs.burntAttempts,
    ...measured,
    broken: brokenOf(scenario, jobs, effects, closed),
    late: [
      over('attempts burnt by connections made too slowly', jobs.burntUnreached, scenario.bounds.burntAttempts, ''),
      over('restart p99', measured.restartP99Ms, scenario.bounds.restartP99Ms, 'ms'),
      over('resumed after', measured.resumeMs, scenario.bounds.resumeMs, 'ms'),
      over('replaced after', measured.replacedMs, scenario.bounds.replacedMs, 'ms'),
    ].flat(),
  }
}

/** Waits until no accepted job is open. */
async function drained(system: System, withinMs: number, say: (step: string) => void): Promise<void> {
  const { knex } = system.database
  const deadline = performance.now() + withinMs
  let moved = 0
  for (;;) {
    const eventsOver = await areEventsOver(system.sandbox)
    const [row] = await knex('hbnb_jobs.job_live').count<{ count: string }[]>('* as count')
    const open = Number(row?.count)
    if (open === 0 && eventsOver) break
    if (performance.now() > deadline) {
      say(`${open} jobs are still open after ${withinMs} ms`)
      break
    }
    moved += await moveClock(knex, system.sandbox)
    await delay(lookEveryMs)
  }
  if (moved > 0) say(`moved the clock of ${moved} unsettled effects`)
}

interface Judged extends Closed {
  readonly isUnknowable: boolean
}

function brokenOf(
  { bounds, isIntended }: Scenario,
  jobs: JobTally,
  effects: EffectTally,
  closed: readonly Judged[],
): string[] {
  const unknowable = closed.filter(one => one.isUnknowable)
  const closedJobs = new Set(unknowable.map(({ jobId }) => jobId))
  const closedRecipients = new Set(unknowable.map(({ provider, recipient }) => `${provider} ${recipient}`))
  const unintended = jobs.ended.filter(
    ended => isIntended?.(ended) !== true && !(ended.code === 'effect-unknown' && closedJobs.has(ended.id)),
  )
  const missing = effects.missing.filter(recipient => !closedRecipients.has(recipient))
  const unexplained = closed.filter(one => !one.isUnknowable)
  const lines: [boolean, string][] = [
    [jobs.lost > 0, `${jobs.lost} accepted jobs did not end`],
    [
      unintended.length > 0,
      `${unintended.length} jobs failed: ${shown(unintended.map(one => `${one.name} ${one.code}`))}`,
    ],
    [effects.doubled > 0, `${effects.doubled} effects doubled: ${shown(effects.twice)}`],
    [missing.length > 0, `${missing.length} effects missing: ${shown(missing)}`],
    [jobs.unknownOpen > 0, `${jobs.unknownOpen} effects stayed unknown`],
    [jobs.miscountedSms > 0, `${jobs.miscountedSms} SMS were not counted once`],
    [
      unexplained.length > 0,
      `${unexplained.length} effects closed as unknown that could have been known: ${shown(unexplained.map(lineOf))}`,
    ],
  ]
  return [
    ...lines.filter(([isBroken]) => isBroken).map(([, line]) => line),
    ...over('attempts burnt', jobs.burntAttempts - jobs.burntUnreached, bounds.burntAttempts, ''),
  ]
}

const lineOf = ({ provider, error, sends, crashes, recipient }: Closed) =>
  `${provider} ${error ?? 'no error'}, ${sends} sends, ${crashes} crashes (${recipient})`

/** How often each kind of closed effect occurred. */
function closedLines(closed: readonly Judged[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { provider, error, isUnknowable: hidden } of closed) {
    const line = `${provider} ${error ?? 'no error'}, ${hidden ? 'nobody could know' : 'not explained by any fault'}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return counts
}

function over(what: string, value: number | null, bound: number | undefined, unit: string): string[] {
  return value !== null && bound !== undefined && value > bound ? [`${what}: ${value} ${unit}, bound ${bound}`] : []
}

function shown(names: readonly string[]): string {
  const distinct = [...new Set(names)]
  return distinct.slice(0, namesShown).join(', ') + (distinct.length > namesShown ? ', …' : '')
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}
