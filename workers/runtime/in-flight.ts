import type { InFlight } from './effects.ts'

/** Counts the sends of one attempt; `onNone` hears each time the last of them has ended. */
export function countInFlight(onNone: () => void): InFlight {
  let count = 0
  return {
    get count() {
      return count
    },
    enter() {
      count += 1
    },
    leave() {
      count -= 1
      if (count === 0) onNone()
    },
  }
}
