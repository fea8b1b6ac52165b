const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** How long after a job was accepted its missing entity is looked for again; after the last look it counts as unknown. */
const looksAfterMs = [30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs, 6 * hourMs, 24 * hourMs] as const

/** When to look again for an entity the platform has not told us of yet, or undefined when it is time to give up. */
export function nextLook(acceptedAt: Date, now: Date): Date | undefined {
  const delayMs = looksAfterMs.find(afterMs => acceptedAt.getTime() + afterMs > now.getTime())
  return delayMs === undefined ? undefined : new Date(acceptedAt.getTime() + delayMs)
}
