import { z } from 'zod'
import type { FaultInput } from '../../src/sandbox/faults.ts'
import { providerTimeoutMs } from './system.ts'

type Provider = FaultInput['provider']

/** What truly happened to the requests that concern one recipient. */
interface Met {
  /** Sends whose answer could not tell us whether the provider took them. */
  readonly doubts: number
  /** Look-ups that failed and would fail again. */
  readonly looksFail: boolean
}

/** Faults that the sandbox acted out, of those that were placed on single recipients. */
export interface FaultsMet {
  readonly count: number
  of(provider: string, recipient: string): Met
}

/** Notes every fault placed on a recipient. */
export interface Doubts {
  note(fault: FaultInput): void
  /** Asks the sandbox which of them are still waiting: the others have happened. */
  met(sandboxUrl: string): Promise<FaultsMet>
}

const waitingFaults = z.object({
  faults: z.array(
    z.object({ provider: z.string(), match: z.string().optional(), on: z.string(), kind: z.string(), times: z.int() }),
  ),
})

export function noteDoubts(): Doubts {
  const placed = new Map<string, FaultInput[]>()
  return {
    note(fault) {
      const key = keyOf(fault.provider, fault.match ?? '')
      placed.set(key, [...(placed.get(key) ?? []), fault])
    },
    async met(sandboxUrl) {
      const response = await fetch(`${sandboxUrl}/control/faults`)
      const waiting = new Map<string, z.output<typeof waitingFaults>['faults']>()
      for (const fault of waitingFaults.parse(await response.json()).faults) {
        const key = keyOf(fault.provider, fault.match ?? '')
        waiting.set(key, [...(waiting.get(key) ?? []), fault])
      }
      const happened = (key: string) => {
        const rest = waiting.get(key) ?? []
        // A recipient's faults happen in the order they were placed, sends and look-ups each for themselves.
        return (['send', 'list'] as const).flatMap(on => {
          const of = (placed.get(key) ?? []).filter(fault => (fault.on ?? 'send') === on)
          const left = rest.filter(fault => fault.on === on)
          return of.slice(0, of.length - left.filter(({ times }) => times === 1).length)
        })
      }
      return {
        count: [...placed.keys()].reduce((sum, key) => sum + happened(key).length, 0),
        of(provider, recipient) {
          const key = keyOf(provider, recipient)
          const rest = waiting.get(key) ?? []
          return {
            doubts: happened(key).filter(fault => isDoubt(fault)).length,
            looksFail: rest.some(({ on }) => on === 'list'),
          }
        },
      }
    },
  }
}

const keyOf = (provider: string, recipient: string) => `${provider} ${recipient}`

/** By the providers' tables (docs: src/providers, errors.ts of each). */
function isDoubt(fault: FaultInput): boolean {
  if (fault.on === 'list') return false
  if (fault.kind === 'status') return !isSurelyNotTaken(fault.provider, fault.status)
  return fault.kind !== 'slow' || fault.delayMs >= providerTimeoutMs
}

/** Statuses after which the request was surely not acted on; FCM says nothing of 408. */
function isSurelyNotTaken(provider: Provider, status: number): boolean {
  return status === 503 || (status < 500 && !(provider === 'fcm' && status === 408))
}
