import { septetsOf } from './sms-text.ts'

/** Room of a message of one segment, and of each segment where there are several: a header that joins them takes 6 bytes. */
const gsmRoom = { alone: 160, joined: 153 }
const ucs2Room = { alone: 70, joined: 67 }

/** How a text travels, and what it costs: each segment is one SMS on the bill. */
export interface SmsSegments {
  readonly encoding: 'GSM-7' | 'UCS-2'
  readonly segments: number
}

/**
 * Segments of a text (3GPP TS 23.038, 6.2.1; TS 23.040, 9.2.3.24.1). One character outside GSM-7 moves all of it to UCS-2,
 * where an emoji is two units. Neither those nor an escaped character (`€`) are parted between two segments.
 */
export function segmentsOf(text: string): SmsSegments {
  const septets = Array.from(text, septetsOf)
  const known = septets.flatMap(size => size ?? [])
  if (known.length === septets.length) return { encoding: 'GSM-7', segments: filled(known, gsmRoom) }
  const units = Array.from(text, char => char.length)
  return { encoding: 'UCS-2', segments: filled(units, ucs2Room) }
}

function filled(sizes: readonly number[], room: { readonly alone: number; readonly joined: number }): number {
  if (sizes.reduce((sum, size) => sum + size, 0) <= room.alone) return 1
  let segments = 1
  let used = 0
  for (const size of sizes) {
    if (used + size > room.joined) {
      segments += 1
      used = 0
    }
    used += size
  }
  return segments
}
