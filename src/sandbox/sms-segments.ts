// GSM 03.38 (3GPP TS 23.038, 6.2.1): the basic alphabet costs one septet a character, the extension two.
const GSM_BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const GSM_EXTENSION = '^{}\\[~]|€\f'

// A text of several segments loses 6 bytes of each to the header that joins them.
const GSM_SINGLE_SEPTETS = 160
const GSM_PART_SEPTETS = 153
const UCS2_SINGLE_UNITS = 70
const UCS2_PART_UNITS = 67

/** How a text travels and what it costs: one segment is one SMS on the bill. */
export interface SmsSegments {
  readonly encoding: 'GSM-7' | 'UCS-2'
  readonly segments: number
  /** Septets in GSM-7, UTF-16 units in UCS-2. */
  readonly units: number
}

/** Counts the segments of a text; one character outside GSM 03.38 (`ê`, `ç`, an emoji) moves all of it to UCS-2. */
export function smsSegments(text: string): SmsSegments {
  const gsmCosts = Array.from(text, gsmSeptets)
  if (gsmCosts.every(cost => cost > 0)) return counted('GSM-7', gsmCosts, GSM_SINGLE_SEPTETS, GSM_PART_SEPTETS)
  const unitCosts = Array.from(text, character => character.length)
  return counted('UCS-2', unitCosts, UCS2_SINGLE_UNITS, UCS2_PART_UNITS)
}

/** 0 for a character the alphabet does not have. */
function gsmSeptets(character: string): 0 | 1 | 2 {
  if (GSM_BASIC.includes(character)) return 1
  return GSM_EXTENSION.includes(character) ? 2 : 0
}

function counted(
  encoding: SmsSegments['encoding'],
  costs: readonly number[],
  single: number,
  part: number,
): SmsSegments {
  const units = costs.reduce((sum, cost) => sum + cost, 0)
  if (units <= single) return { encoding, units, segments: 1 }
  let segments = 1
  let used = 0
  for (const cost of costs) {
    // A character of two units never straddles two segments.
    if (used + cost > part) {
      segments += 1
      used = 0
    }
    used += cost
  }
  return { encoding, units, segments }
}
