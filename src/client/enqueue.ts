import type { Answers } from './answers.ts'
import { keptByQueueAlone } from './job-types.ts'
import { type JobOptions, queryOf, wireOptions } from './job-options.ts'
import { read } from './read.ts'
import type { AcceptedJob, JobName, PayloadOf } from './shapes.ts'
import type { Answer, Call, CallOptions, Transport } from './transport.ts'

/** How a job is done, and how hard to try to hand it over. */
export interface EnqueueOptions extends JobOptions, CallOptions {
  /**
   * Calls under one key make one job for 24 hours, whoever of you makes them. Unless told each call has a key of its own,
   * so that its retries cannot double, but a second call can.
   */
  readonly idempotencyKey?: string | undefined
}

/** Everything that would have been checked and stored. */
export type DryRun = Extract<Answers['POST /v1/jobs/{name}'][200], { readonly dry_run: true }>

/** Makes a job. Throws `JobsProblem` or, with the outcome unknown, `JobsUnreachable`. */
export async function enqueue<N extends JobName>(
  transport: Transport,
  name: N,
  payload: PayloadOf<N>,
  options: EnqueueOptions = {},
): Promise<AcceptedJob<N>> {
  return acceptedOf(await transport.call(enqueueCall(name, payload, options), options))
}

/** Checks everything and stores nothing. */
export async function dryRun<N extends JobName>(
  transport: Transport,
  name: N,
  payload: PayloadOf<N>,
  options: JobOptions & CallOptions = {},
): Promise<DryRun> {
  const path = `/v1/jobs/${name}${jobQuery({ ...options, dryRun: true })}`
  return await read(transport, { method: 'POST', path, body: JSON.stringify(payload), repeat: 'safe' }, options)
}

/** The request that makes a job, the same at every retry. */
export function enqueueCall(name: JobName, payload: unknown, options: EnqueueOptions): Call {
  const isKept = !keptByQueueAlone.has(name)
  return {
    method: 'POST',
    path: `/v1/jobs/${name}${jobQuery(options)}`,
    body: JSON.stringify(payload),
    repeat: isKept ? 'safe' : 'once',
    idempotencyKey: options.idempotencyKey ?? (isKept ? crypto.randomUUID() : undefined),
  }
}

function acceptedOf<N extends JobName>({ body, headers }: Answer): AcceptedJob<N> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the service describes is what it answers.
  const accepted = body as Omit<AcceptedJob<N>, 'replayed'>
  return { ...accepted, replayed: headers.get('idempotent-replayed') === 'true' }
}

function jobQuery({ dryRun: isDry, ...options }: JobOptions & { dryRun?: boolean }): string {
  const { tags, ...others } = wireOptions(options)
  return queryOf({ ...others, tag: Array.isArray(tags) ? tags : undefined, dry_run: isDry })
}
