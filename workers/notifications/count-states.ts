import type { EffectResult } from '../runtime/effect-policy.ts'

/** How many sends ended how. */
export function countStates(results: ReadonlyMap<string, EffectResult>) {
  const states = [...results.values()].map(({ state }) => state)
  const count = (state: EffectResult['state']) => states.filter(each => each === state).length
  return { accepted: count('accepted'), refused: count('rejected'), unknown: count('unknown') }
}
