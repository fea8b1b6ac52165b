/** How long a push is worth showing when nobody has said. */
const defaultTtlSeconds = 86_400

/** How long a push is worth showing that is worth nothing after `expiresAt`. */
export function ttlSecondsUntil(expiresAt: Date | null): number {
  return expiresAt === null ? defaultTtlSeconds : Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1_000))
}
