import { expect, it } from 'vitest'
import type { OutcomeRow } from '../../src/providers/outcome-table.ts'

/** One row of a vendor's table, made to happen. */
export interface Provocation {
  readonly code: string
  readonly outcome: 'PermanentError' | 'TemporaryError' | 'Ambiguous' | 'ConfigError' | 'ProviderBusy'
  readonly recipient?: string
  readonly fault?: { kind: 'status'; status: number } | { kind: 'reset' } | { kind: 'hang' }
  /** How to fail, where neither a recipient nor a fault does it. */
  readonly fail?: () => Promise<unknown>
}

/** A test for each provocation, and one that no row of the table is left without. */
export function provokeEachRow(
  table: readonly OutcomeRow[],
  cases: readonly Provocation[],
  failing: (each: Provocation) => Promise<unknown>,
): void {
  it.each(cases)('$code is a $outcome', async each => {
    const failure = await (each.fail?.() ?? failing(each)).then(
      () => expect.unreachable('the call succeeded'),
      (error: unknown) => error,
    )
    expect(failure).toMatchObject({ name: each.outcome, code: each.code })
  })

  it('has every row of the table provoked', () => {
    expect(new Set(cases.map(({ code }) => code))).toEqual(new Set(table.map(({ code }) => code)))
  })
}
