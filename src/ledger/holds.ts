import type { RunStatement } from '../db/statement.ts'

const holdStatement = {
  name: 'hold-set',
  text: `
    insert into hbnb_jobs.provider_holds (budget, held_until, reason)
    values ($1, now() + $2 * interval '1 ms', $3)
    on conflict (budget) do update
    set held_until = greatest(provider_holds.held_until, excluded.held_until), reason = excluded.reason, changed_at = now()`,
}

const heldStatement = {
  name: 'hold-list',
  text: `
    select budget, (extract(epoch from held_until - now()) * 1000)::float8 as "forMs"
    from hbnb_jobs.provider_holds where held_until > now()`,
}

/** A provider said wait: every queue of this budget does, in every process. A shorter wait never replaces a longer one. */
export async function holdBudget(run: RunStatement, budget: string, forMs: number, reason: string): Promise<void> {
  await run(holdStatement, [budget, Math.round(forMs), reason])
}

/** The budgets held now, and for how long. */
export async function heldBudgets(run: RunStatement): Promise<Map<string, number>> {
  const rows = await run<{ budget: string; forMs: number }>(heldStatement)
  return new Map(rows.map(({ budget, forMs }) => [budget, forMs]))
}
