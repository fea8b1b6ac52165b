import { setTimeout as delay } from 'node:timers/promises'
import type { Knex } from 'knex'
import { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { RunStatement } from '../../src/db/statement.ts'
import { ProviderBusy } from '../../src/errors.ts'
import { heldBudgets, holdBudget } from '../../src/ledger/holds.ts'

/** A shorter wait for a turn is sat out here; a longer one hands the job back. */
const longestWaitHereMs = 2_000
const holdsKnownForMs = 1_000
const periodSeconds = 1

/** Our own limit says wait, not the provider: it must not hold the budget for anybody else. */
export class OutOfTurn extends ProviderBusy {}

/** Shared by every queue and process that calls a provider: so many calls per second, none while it asked us to wait. */
export interface Budgets {
  /** Takes one call's turn. Throws ProviderBusy, which costs no attempt, when the turn is too far away. */
  take(budget: string, signal: AbortSignal): Promise<void>
  /** The provider said wait: here at once, elsewhere within a second. */
  hold(budget: string, forMs: number, reason: string): Promise<void>
}

/** `callsPerSecond` by budget. A contract naming another budget is refused when its first job runs. */
export function openBudgets(knex: Knex, run: RunStatement, callsPerSecond: Readonly<Record<string, number>>): Budgets {
  const limiters = new Map(
    Object.entries(callsPerSecond).map(([budget, points]) => [budget, limiterOf(knex, budget, points)] as const),
  )
  let holds = new Map<string, number>()
  let holdsReadAtMs = Number.NEGATIVE_INFINITY

  async function heldForMs(budget: string): Promise<number> {
    const ageMs = performance.now() - holdsReadAtMs
    if (ageMs > holdsKnownForMs) {
      holds = await heldBudgets(run)
      holdsReadAtMs = performance.now()
      return holds.get(budget) ?? 0
    }
    return Math.max(0, (holds.get(budget) ?? 0) - ageMs)
  }

  return {
    async hold(budget, forMs, reason) {
      const ageMs = performance.now() - holdsReadAtMs
      holds.set(budget, Math.max(holds.get(budget) ?? 0, forMs + (Number.isFinite(ageMs) ? ageMs : 0)))
      await holdBudget(run, budget, forMs, reason)
    },
    async take(budget, signal) {
      const limiter = limiters.get(budget)
      if (!limiter) throw new Error(`there is no budget ${budget}; known: ${[...limiters.keys()].join(', ')}`)
      const heldMs = await heldForMs(budget)
      if (heldMs > 0) throw new OutOfTurn('budget-held', `${budget} asked us to wait`, spread(heldMs))
      for (let waitedMs = 0; ; ) {
        const waitMs = await limiter.consume(budget).then(() => 0, msUntilTurn)
        if (waitMs === 0) return
        if (waitedMs + waitMs > longestWaitHereMs) {
          throw new OutOfTurn('budget-spent', `the calls per second to ${budget} are spent`, spread(waitMs))
        }
        await delay(waitMs, undefined, { signal })
        waitedMs += waitMs
      }
    },
  }
}

function limiterOf(knex: Knex, budget: string, points: number): RateLimiterPostgres {
  const limit = { points, duration: periodSeconds }
  return new RateLimiterPostgres({
    ...limit,
    storeClient: knex,
    storeType: 'knex',
    schemaName: 'hbnb_jobs',
    tableName: 'provider_points',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: budget,
    // While Postgres is away no job is claimed anyway; a job already running counts in memory.
    insuranceLimiter: new RateLimiterMemory(limit),
  })
}

function msUntilTurn(refusal: unknown): number {
  if (refusal instanceof RateLimiterRes) return Math.max(1, refusal.msBeforeNext)
  throw refusal
}

/** So that those who were held do not come back in one instant. */
function spread(waitMs: number): number {
  return Math.round(waitMs * (1 + Math.random() / 4))
}
