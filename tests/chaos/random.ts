/** Decisions of a run: the same seed makes the same ones, in the same order within one stream. */
export interface Random {
  /** In [0, 1). */
  next(): number
  /** A whole number, both bounds included. */
  int(min: number, max: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  chance(probability: number): boolean
  /** A stream of its own, so that one part's decisions do not move another's. */
  stream(name: string): Random
}

/** Mulberry32 (docs: https://github.com/cprosche/mulberry32): small, fast, good enough to choose moments and victims. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    pick: list => list[int(0, list.length - 1)] ?? list[0],
    chance: probability => next() < probability,
    stream: name => randomOf(mixedWith(seed, name)),
  }
}

function mixedWith(seed: number, name: string): number {
  let hash = seed >>> 0
  for (const character of name) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0
  return hash
}
