import { z } from 'zod'

/** A JSON object parsed by zod: what a job carries. Ids, never personal data. */
export type PayloadSchema = z.ZodObject

/** When a failed attempt is tried again: exponential from `firstDelayMs`, never above `maxDelayMs`, minus up to `jitter`. */
export interface Retry {
  readonly attempts: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
  /** 0 = exact, 0.5 = anywhere between half the delay and the delay. */
  readonly jitter: number
}

/** When a job repeats, and what happens to ticks that were missed or that meet an unfinished one. */
export interface Schedule<Payload extends PayloadSchema = PayloadSchema> {
  /** Five or six fields (seconds first), as cron-parser reads them. */
  readonly cron: string
  /** IANA zone in which the cron is read. */
  readonly zone: string
  readonly missed: 'skip' | 'once' | { readonly all: number }
  readonly overlap: 'skip' | 'queue'
  /** A function of the slot alone: never of the time at which it runs. */
  readonly payload: (slot: Date) => z.input<Payload>
}

/**
 * Everything the system must know about one job type. Every field is required and absence is written out,
 * so that all contracts share one silhouette. Fields typed as a single word have no other choice yet.
 */
export interface JobContract<Payload extends PayloadSchema = PayloadSchema, Result extends z.ZodType = z.ZodType> {
  /** `<domain>.<job>`: also the queue's name and the path of both files. */
  readonly name: string
  /** One sentence, shown in Bull Board and the API docs. */
  readonly about: string
  /** Raised when the payload's meaning changes; an older worker hands newer jobs back. */
  readonly version: number
  /** snake_case. Strict at the door, tolerant in the worker. */
  readonly payload: Payload
  /** What the processor returns, at most 4 KiB as JSON. */
  readonly result: Result
  readonly maxPayloadBytes: number
  /** `queue`: straight to BullMQ, for high-volume work that may be lost with it; no effects, no history. */
  readonly durability: 'ledger' | 'queue'
  readonly retry: Retry
  /** After this the processor's AbortSignal fires and the attempt counts as failed. */
  readonly timeoutMs: number
  /** When the work stops being worth doing, counted from when it is due. */
  readonly expiresAfterMs: number | 'never'
  readonly concurrency: { readonly perProcess: number; readonly everywhere: number | 'unlimited' }
  /** At most this many jobs in flight that agree in these payload fields. */
  readonly perKey: 'none' | { readonly by: readonly string[]; readonly maxInFlight: number }
  /** Jobs per period of this queue, or a provider's budget that several queues share. */
  readonly rateLimit: 'none' | { readonly max: number; readonly periodMs: number } | { readonly budget: string }
  /** 1 is served first, 9 last. */
  readonly priority: number
  /** Whose share of the queue a job takes. */
  readonly tenant: 'api-key'
  readonly schedule: 'none' | Schedule<Payload>
  /** Of the jobs that wait and agree in these payload fields only the newest is run. */
  readonly unique: 'none' | { readonly by: readonly string[] }
  readonly retention: { readonly days: number }
  /** Whether upstream may enqueue it by name over HTTP. */
  readonly open: boolean
}

export type PayloadOf<C extends JobContract> = z.output<C['payload']>
export type ResultOf<C extends JobContract> = z.output<C['result']>

const limits = z.object({
  name: z.string().regex(/^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$/, 'must read <domain>.<job> in kebab-case'),
  about: z.string().min(10).max(200),
  version: z.int().min(1).max(32_767),
  maxPayloadBytes: z.int().min(2).max(65_536),
  retry: z
    .object({
      attempts: z.int().min(1).max(50),
      firstDelayMs: z.int().min(100),
      maxDelayMs: z.int().max(86_400_000),
      jitter: z.number().min(0).max(1),
    })
    .refine(retry => retry.firstDelayMs <= retry.maxDelayMs, 'firstDelayMs must not exceed maxDelayMs'),
  timeoutMs: z.int().min(100).max(600_000),
  expiresAfterMs: z.union([z.literal('never'), z.int().min(1_000)]),
  priority: z.int().min(1).max(9),
  retention: z.object({ days: z.int().min(1).max(3_650) }),
})

/** Checks a contract's figures as it is loaded and freezes it. Throws naming the job, the field and the rule. */
export function defineJob<P extends PayloadSchema, R extends z.ZodType>(
  contract: JobContract<P, R>,
): JobContract<P, R> {
  const checked = limits.safeParse(contract)
  if (!checked.success) throw new Error(`contract ${contract.name}: ${z.prettifyError(checked.error)}`)
  return Object.freeze(contract)
}
