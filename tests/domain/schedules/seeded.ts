/** Random choices that are the same in every run (mulberry32). */
export function seeded(seed: number) {
  let state = seed >>> 0
  function random(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (end: number): number => Math.floor(random() * end)
  return {
    below,
    /** From 1 to `atMost` different numbers below `end`, in order. */
    subset(end: number, atMost: number): number[] {
      const chosen = new Set(Array.from({ length: 1 + below(atMost) }, () => below(end)))
      return [...chosen].toSorted((a, b) => a - b)
    },
  }
}
