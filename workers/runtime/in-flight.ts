/** Sends under way in one attempt. */
export interface InFlight {
  readonly count: number
  enter(): void
  leave(): void
}

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
