import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { z } from 'zod'
import type { Config } from '../../src/config/load.ts'
import type { Claim } from '../../src/ledger/claim.ts'
import type { Ending } from '../../src/ledger/outcome.ts'
import { storedFault } from '../../src/ledger/stored-error.ts'
import type { WorkerMetrics } from '../../src/observability/worker-metrics.ts'

/** Where job types are found: contracts and processors at the same paths. */
export interface JobFolders {
  readonly queues: string
  readonly workers: string
}

/** To the child: first what it needs, then one job after the other. */
export type ToLone =
  | { readonly kind: 'start'; readonly config: Config; readonly folders: readonly JobFolders[] }
  | { readonly kind: 'job'; readonly claim: Claim; readonly isProbe: boolean }
  | { readonly kind: 'drain' }

/** From the child. */
const fromLone = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('not-begun') }),
  z.object({
    kind: z.literal('ended'),
    ending: z.custom<Ending>(value => typeof value === 'object' && value !== null),
    calls: z.array(
      z.object({ provider: z.string(), outcome: z.enum(['ok', 'refused', 'failed']), tookMs: z.number() }),
    ),
  }),
])

type Ended = Extract<z.output<typeof fromLone>, { readonly kind: 'ended' }>

/**
 * Runs each suspect alone in a process of its own: when that dies, exactly one job was running in it. A child is kept
 * while there are suspects, so that many of them do not cost a start each.
 */
export interface LoneRunner {
  run(claim: Claim, isProbe: boolean, timeoutMs: number): Promise<Ending>
  stop(): Promise<void>
}

const entry = join(import.meta.dirname, '../lone-main.ts')
const startTimeoutMs = 30_000
const idleMs = 10_000
/** A killed worker leaves dozens of suspects, and each holds a slot while it waits: one child would keep all others out. */
const maxChildren = 4
/** So many wait for a child before another is started. */
const waitingPerChild = 3
/** Beyond the contract's timeout: a child that has not answered by then hangs as a whole. */
const answerMarginMs = 20_000
const maxCrashesAlone = 3
const againAfterMs = 1_000

/** What children are started with; the calls they made to providers are counted here. */
interface LoneParts {
  readonly config: Config
  readonly folders: readonly JobFolders[]
  readonly metrics: Pick<WorkerMetrics, 'providerCall'>
}

interface Lane extends LoneRunner {
  readonly waiting: number
}

export function loneRunner(parts: LoneParts, draining: AbortSignal, log: Logger): LoneRunner {
  const lanes: Lane[] = []
  function shortest(): Lane {
    const best =
      lanes.find(({ waiting }) => waiting < waitingPerChild) ?? lanes.toSorted((a, b) => a.waiting - b.waiting)[0]
    if (best && (best.waiting < waitingPerChild || lanes.length >= maxChildren)) return best
    const next = openLane(parts, draining, log)
    lanes.push(next)
    return next
  }
  return {
    run: (claim, isProbe, timeoutMs) => shortest().run(claim, isProbe, timeoutMs),
    stop: async () => void (await Promise.all(lanes.map(lane => lane.stop()))),
  }
}

/** One child at a time, and one job at a time in it. */
function openLane({ config, folders, metrics }: LoneParts, draining: AbortSignal, log: Logger): Lane {
  let waiting = 0
  let child: Promise<ChildProcess> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let idle: NodeJS.Timeout | undefined

  function ensureChild(): Promise<ChildProcess> {
    child ??= startChild({ kind: 'start', config, folders }).catch((error: unknown) => {
      child = undefined
      throw error
    })
    return child
  }

  async function runOne(claim: Claim, isProbe: boolean, timeoutMs: number): Promise<Ending> {
    clearTimeout(idle)
    // One that died between two jobs tells nobody any more.
    const last = await child?.catch(() => undefined)
    if (last && isGone(last)) child = undefined
    // What an earlier job left behind may have ended the first process: the later ones have had no other job.
    if (claim.crashes > 0) await stopChild()
    const process = await ensureChild().catch((error: unknown) => {
      log.error({ err: error }, 'no process of its own could be started for a suspect')
      return undefined
    })
    if (!process) return handBack()
    if (draining.aborted) tell(process, { kind: 'drain' })
    const answer = await answerOf(process, { kind: 'job', claim, isProbe }, timeoutMs + answerMarginMs)
    if (typeof answer !== 'object') process.kill('SIGKILL')
    if (typeof answer !== 'object' || isGone(process)) child = undefined
    idle = setTimeout(() => void stopChild(), idleMs)
    idle.unref()
    // A child that we ended at our own shutdown says nothing about the job.
    if (answer === 'not-begun' || (answer === 'died' && draining.aborted)) return handBack()
    if (answer === 'died') return crashed(claim, log)
    for (const call of answer.calls) metrics.providerCall(call)
    return answer.ending
  }

  async function stopChild(): Promise<void> {
    // Taken away before anything is awaited: a job that comes now must get a child that lives on.
    const last = child
    child = undefined
    const process = await last?.catch(() => undefined)
    process?.kill('SIGKILL')
  }

  draining.addEventListener(
    'abort',
    () => void child?.then(process => tell(process, { kind: 'drain' })).catch(() => {}),
    {
      once: true,
    },
  )
  return {
    get waiting() {
      return waiting
    },
    run(claim, isProbe, timeoutMs) {
      waiting += 1
      const mine = turn
        .then(() => runOne(claim, isProbe, timeoutMs))
        .finally(() => {
          waiting -= 1
        })
      turn = mine.catch(() => {})
      return mine
    },
    async stop() {
      clearTimeout(idle)
      await stopChild()
    },
  }
}

async function startChild(start: ToLone): Promise<ChildProcess> {
  const child = fork(entry, [], { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  tell(child, start)
  const first = await Promise.race([
    once(child, 'message', { signal: AbortSignal.timeout(startTimeoutMs) }),
    once(child, 'exit').then(() => undefined),
  ]).catch(() => undefined)
  if (first) return child
  child.kill('SIGKILL')
  throw new Error('the process ended, or said nothing, before it was ready')
}

/** `not-begun`: the child had ended before it was given the job, or could not load it. `died`: with it, or it was killed because it did not answer. */
async function answerOf(child: ChildProcess, job: ToLone, withinMs: number): Promise<Ended | 'not-begun' | 'died'> {
  const over = new AbortController()
  const timer = setTimeout(() => child.kill('SIGKILL'), withinMs)
  const answered = once(child, 'message', { signal: over.signal }).then(([message]) => fromLone.parse(message))
  const gone = once(child, 'exit', { signal: over.signal }).then(() => 'died' as const)
  const lost = new Promise<'not-begun'>(resolve => tell(child, job, () => resolve('not-begun')))
  try {
    const message = await Promise.race([answered, gone, lost]).catch(() => 'died' as const)
    if (typeof message === 'string') return message
    if (message.kind === 'not-begun') return 'not-begun'
    return message.kind === 'ended' ? message : 'died'
  } finally {
    clearTimeout(timer)
    for (const left of [answered, gone]) left.catch(() => {})
    over.abort()
  }
}

function isGone({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

/** Without a listener of its own a message that cannot be sent would be an error of the child, which nobody may hear. */
function tell(child: ChildProcess, message: ToLone, onLost: () => void = () => {}): void {
  if (child.connected) child.send(message, error => error && onLost())
  else onLost()
}

function crashed(claim: Claim, log: Logger): Ending {
  const crashes = claim.crashes + 1
  const error = storedFault(
    Object.assign(new Error(`its process died ${crashes} times while it ran alone`), {
      code: 'crashed-alone',
      name: 'Crash',
    }),
  )
  log.error({ job: claim.name, id: claim.id, crashes }, 'a job ended the process it ran in alone')
  if (crashes >= maxCrashesAlone) return { kind: 'finish', outcome: 'quarantined', result: null, reason: null, error }
  return {
    kind: 'continue',
    state: 'accepted',
    ending: 'crashed',
    countsAsAttempt: false,
    delayMs: againAfterMs,
    error,
  }
}

function handBack(): Ending {
  const error = storedFault(new Error('it could not be begun in a process of its own'))
  return { kind: 'continue', state: 'accepted', ending: 'handed-back', countsAsAttempt: false, delayMs: 5_000, error }
}
