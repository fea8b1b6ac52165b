/** `2026-11-22 08:00:00 UTC`; a dash for never. */
export function instant(at: Date | string | null): string {
  return at === null ? '-' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
