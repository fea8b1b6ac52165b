import { isZone } from '../schedules/zone.ts'

/** Of people whose clock nobody has told us. */
const platformZone = 'Europe/Paris'

/** The zone a person lives by, as far as we know: IANA. */
export function readerZone(told: string | null): string {
  return told !== null && isZone(told) ? told : platformZone
}
