import { enqueueCall, type EnqueueOptions } from './enqueue.ts'
import { followEvents } from './events.ts'
import { isRecord } from './json.ts'
import { pause } from './pause.ts'
import { JobsProblem } from './problem.ts'
import { read } from './read.ts'
import { type EndedJob, idOf, isEnded, type Job, type JobName, type JobRef, type PayloadOf } from './shapes.ts'
import type { Transport } from './transport.ts'

const defaultTimeoutMs = 60_000
/** The service holds an answer no longer. */
const maxHeldSeconds = 30
const firstLookMs = 250
const longestLookMs = 2_000

/** The job goes on; only the waiting ended. */
export class JobNotEnded extends Error {
  override readonly name = 'JobNotEnded'
  readonly jobId: string

  constructor(jobId: string, timeoutMs: number) {
    super(`job ${jobId} has not ended within ${Math.round(timeoutMs)} ms`)
    this.jobId = jobId
  }
}

export interface WaitOptions {
  /** 60 s unless told. */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Waits until the job has ended, well or badly. Throws {@link JobNotEnded} when that takes too long. */
export async function waitFor<N extends JobName>(
  transport: Transport,
  job: JobRef<N>,
  { timeoutMs = defaultTimeoutMs, signal }: WaitOptions = {},
): Promise<EndedJob<N>> {
  const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(timeoutMs)))
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  try {
    await endOf(transport, job, either)
    return await endedJob(transport, job, either)
  } catch (error) {
    signal?.throwIfAborted()
    if (timeout.aborted) throw new JobNotEnded(idOf(job), timeoutMs)
    throw error
  }
}

/** Makes a job and waits until it has ended, in one request when it is quick. `timeoutMs` counts from the call. */
export async function enqueueAndWait<N extends JobName>(
  transport: Transport,
  name: N,
  payload: PayloadOf<N>,
  { timeoutMs = defaultTimeoutMs, ...options }: EnqueueOptions & WaitOptions = {},
): Promise<EndedJob<N>> {
  const heldSeconds = Math.min(maxHeldSeconds, Math.floor(timeoutMs / 1_000))
  const heldMs = heldSeconds * 1_000
  const call = enqueueCall(name, payload, options)
  const headers = { prefer: `wait=${heldSeconds}` }
  const startedMs = performance.now()
  const { body } = await transport.call(heldSeconds < 1 ? call : { ...call, headers, heldMs }, {
    ...options,
    deadlineMs: (options.deadlineMs ?? transport.deadlineMs) + heldMs,
  })
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the service describes is what it answers.
  if (isRecord(body) && isEnded(String(body['state']))) return body as EndedJob<N>
  const leftMs = timeoutMs - (performance.now() - startedMs)
  const id = isRecord(body) ? String(body['id']) : ''
  return await waitFor(transport, id, { timeoutMs: leftMs, signal: options.signal })
}

async function endOf(transport: Transport, job: JobRef, signal: AbortSignal): Promise<void> {
  try {
    for await (const { type } of followEvents(transport, job, { signal })) if (type === 'end') return
  } catch (error) {
    // Streams are few; looking again and again is slower but always open.
    if (!(error instanceof JobsProblem && error.code === 'too-many-streams')) throw error
  }
  for (let ms = firstLookMs; ; ms = Math.min(longestLookMs, ms * 1.5)) {
    const { state } = await jobOf(transport, job, signal)
    if (isEnded(state)) return
    await pause(ms, signal)
  }
}

async function endedJob<N extends JobName>(transport: Transport, job: JobRef<N>, signal: AbortSignal) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It has ended, and what has ended stays so.
  return (await jobOf(transport, job, signal)) as EndedJob<N>
}

async function jobOf(transport: Transport, job: JobRef, signal: AbortSignal): Promise<Job> {
  return await read<Job>(transport, { method: 'GET', path: `/v1/jobs/${idOf(job)}`, repeat: 'safe' }, { signal })
}
