import { setTimeout as delay } from 'node:timers/promises'

const lookEveryMs = 15

/** Waits for a fact: answers the first value of `look` that is not undefined or false. Throws naming what never came. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 20_000,
): Promise<T> {
  const deadline = performance.now() + withinMs
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false) return found
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${what}`)
    await delay(lookEveryMs)
  }
}
