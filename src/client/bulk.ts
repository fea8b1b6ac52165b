import { chunksOf } from './chunks.ts'
import { keptByQueueAlone } from './job-types.ts'
import { type JobOptions, queryOf, wireOptions } from './job-options.ts'
import { type Line, type LineOutcome, sendLines } from './send-lines.ts'
import type { JobName, PayloadOf } from './shapes.ts'
import type { CallOptions, Transport } from './transport.ts'

/** The service takes 10 MiB; small requests lose less by a cut and are held in memory whole. */
const maxRequestBytes = 1_048_576
const maxRequestItems = 1_000
const lingerMs = 200
const limits = {
  maxItems: maxRequestItems,
  maxBytes: maxRequestBytes,
  lingerMs,
  bytesOf: ({ json }: NumberedLine) => Buffer.byteLength(json) + 1,
}

type ItemOf<N extends JobName> = JobOptions & {
  readonly name: N
  readonly payload: PayloadOf<N>
  /** As `idempotencyKey` of a single job; unless told `<keyPrefix>-<index>`. */
  readonly key?: string | undefined
}

/** One job of many. */
export type BulkItem = { [N in JobName]: ItemOf<N> }[JobName]

/** What became of one item, in the order of the items. `index` counts from 0. */
export type BulkOutcome = LineOutcome & { readonly index: number; readonly key: string | undefined }

export interface BulkOptions extends CallOptions {
  /**
   * Give the same one when the same items are sent again, in the same order and within 24 hours, and none is made twice:
   * so a stream goes on after a crash of yours. Unless told it is new.
   */
  readonly keyPrefix?: string | undefined
  /** For items that say nothing else. */
  readonly batch?: string | undefined
  readonly tenant?: string | undefined
}

/**
 * Makes many jobs. Items are taken as they are needed and at most one request is held in memory, so a slow service slows
 * the source, and so does a slow reader of the outcomes. One refused item does not stop the others. Throws `JobsProblem`
 * or `JobsUnreachable` when the service was away for the whole deadline.
 */
export async function* enqueueMany(
  transport: Transport,
  items: Iterable<BulkItem> | AsyncIterable<BulkItem>,
  { keyPrefix = crypto.randomUUID(), batch, tenant, signal, deadlineMs = transport.deadlineMs }: BulkOptions = {},
): AsyncGenerator<BulkOutcome, void, undefined> {
  const path = `/v1/jobs${queryOf({ batch, tenant })}`
  const source = numbered(items, keyPrefix)
  try {
    for await (const chunk of chunksOf(source, { ...limits, signal })) {
      const outcomes = await sendLines(transport, chunk, { path, deadlineMs, signal })
      for (const [place, { index, key }] of chunk.entries()) {
        yield { ...(outcomes[place] ?? { status: 'unknown' }), index, key }
      }
    }
  } finally {
    // Lets a generator of the caller close what it has open; it may be in the middle of something, so nobody waits.
    source.return().catch(() => {})
  }
}

interface NumberedLine extends Line {
  readonly index: number
  readonly key: string | undefined
}

async function* numbered(
  items: Iterable<BulkItem> | AsyncIterable<BulkItem>,
  keyPrefix: string,
): AsyncGenerator<NumberedLine, void, undefined> {
  let index = 0
  for await (const { name, payload, key: own, ...options } of items) {
    const key = own ?? (keptByQueueAlone.has(name) ? undefined : `${keyPrefix}-${index}`)
    const json = JSON.stringify({ name, payload, key, ...wireOptions(options) })
    yield { json, isSafe: key !== undefined, index, key }
    index += 1
  }
}
