import { setTimeout as delay } from 'node:timers/promises'

const lookEveryMs = 25

/** Waits for a fact; undefined when it did not come in time, so that the demo reports it instead of ending. */
export async function waitFor<T>(look: () => Promise<T | undefined>, withinMs: number): Promise<T | undefined> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined) return found
    if (performance.now() > deadline) return undefined
    await delay(lookEveryMs)
  }
}
