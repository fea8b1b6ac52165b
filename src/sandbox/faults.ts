import { z } from 'zod'
import { PROVIDERS } from './effects.ts'

const MAX_FAULT_TIMES = 1_000_000
const MAX_FAULT_DELAY_MS = 600_000
const MAX_RETRY_AFTER_SECONDS = 86_400
const MAX_FAULTS = 1_000
const MAX_ERROR_CODE = 999_999

/** Whoever can be made to fail: the providers, and the platform's own API, which is only asked and has no effects. */
const failing = z.enum([...PROVIDERS, 'platform'])

const shared = {
  provider: failing,
  /** How many requests it meets before it is used up. */
  times: z.int().min(1).max(MAX_FAULT_TIMES).default(1),
  /** Only requests to a recipient that contains this text; of the platform, only for a path that does. */
  match: z.string().min(1).max(320).optional(),
  /** Sends by default; `list` is Twilio's look-up, so that settlement can be made to fail by itself. */
  on: z.enum(['send', 'list']).default('send'),
}

/**
 * A failure to act out.
 * `status`: not recorded, answered with that code. `hang`: not recorded, never answered. `reset`: not recorded, socket destroyed.
 * `slow`: recorded at once, answered `delayMs` later. `accept-then-drop`: recorded, socket destroyed without an answer.
 * `undelivered`: recorded and answered as ever; then Twilio's callbacks say that it did not arrive, with that code or none.
 */
export const fault = z.discriminatedUnion('kind', [
  z.strictObject({
    ...shared,
    kind: z.literal('status'),
    status: z.int().min(300).max(599),
    /** In place of the provider's usual error body. */
    body: z.unknown().optional(),
    retryAfterSeconds: z.int().min(0).max(MAX_RETRY_AFTER_SECONDS).optional(),
  }),
  z.strictObject({ ...shared, kind: z.literal('slow'), delayMs: z.int().min(1).max(MAX_FAULT_DELAY_MS) }),
  z.strictObject({ ...shared, kind: z.literal('hang') }),
  z.strictObject({ ...shared, kind: z.literal('reset') }),
  z.strictObject({ ...shared, kind: z.literal('accept-then-drop') }),
  z.strictObject({
    ...shared,
    kind: z.literal('undelivered'),
    provider: z.literal('twilio'),
    errorCode: z.int().min(1).max(MAX_ERROR_CODE).nullable().default(null),
  }),
])

export type Fault = z.output<typeof fault>
export type FaultInput = z.input<typeof fault>

/** The faults waiting for a request, oldest first. */
export interface FaultList {
  /** False when MAX_FAULTS are waiting already. */
  add(fault: Fault): boolean
  list(): Fault[]
  clear(): void
  /** The oldest fault that meets this request; one of its times is used up. */
  take(request: {
    provider: z.output<typeof failing>
    on: Fault['on']
    recipients: readonly string[]
  }): Fault | undefined
}

export function faultList(): FaultList {
  let faults: Fault[] = []
  return {
    add(next) {
      if (faults.length >= MAX_FAULTS) return false
      faults.push(next)
      return true
    },
    list: () => [...faults],
    clear() {
      faults = []
    },
    take({ provider, on, recipients }) {
      const found = faults.find(
        ({ match, ...candidate }) =>
          candidate.provider === provider &&
          candidate.on === on &&
          (match === undefined || recipients.some(recipient => recipient.includes(match))),
      )
      if (found === undefined) return undefined
      faults = faults.flatMap(each =>
        each !== found ? [each] : each.times > 1 ? [{ ...each, times: each.times - 1 }] : [],
      )
      return found
    },
  }
}
