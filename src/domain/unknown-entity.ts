const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** How long after a job was accepted its missing entity is looked for again; after the last look it counts as unknown. */
const looksAfterMs = [30 * secondMs, 2 * minuteMs, 10 * minuteMs, hourMs, 6 * hourMs, 24 * hourMs] as const

/** How long after an event was accepted the one that should come first is looked for again; after the last it goes on. */
const turnsAfterMs = [2 * secondMs, 10 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs] as const

/** When to look again for an entity the platform has not told us of yet, or undefined when it is time to give up. */
export function nextLook(acceptedAt: Date, now: Date): Date | undefined {
  return nextOf(looksAfterMs, acceptedAt, now)
}

/** When to look again whether an event has its turn, or undefined when it has waited long enough for others. */
export function nextTurn(acceptedAt: Date, now: Date): Date | undefined {
  return nextOf(turnsAfterMs, acceptedAt, now)
}

function nextOf(delaysMs: readonly number[], acceptedAt: Date, now: Date): Date | undefined {
  const delayMs = delaysMs.find(afterMs => acceptedAt.getTime() + afterMs > now.getTime())
  return delayMs === undefined ? undefined : new Date(acceptedAt.getTime() + delayMs)
}
