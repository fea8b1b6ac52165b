import { clip, oneLine } from './one-line.ts'

/** What one SMS carries in the GSM 7-bit alphabet; a single character outside it cuts this to 70 (3GPP TS 23.038). */
const segmentSeptets = 160
/** A title that cannot be written in GSM-7 is kept, shortened to what two segments hold with the words around it. */
const maxForeignTitleChars = 30
/** Less than this says nothing, so that a third segment is paid where those words are long too. */
const minForeignTitleChars = 10
/** What two segments carry of other alphabets, 67 each. */
const twoSegmentsChars = 134

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
const extension = '^{}\\[~]|€'
const septets = new Map<string, number>()
for (const char of basic) septets.set(char, 1)
for (const char of extension) septets.set(char, 2)

// biome-ignore format: pairs read best side by side
const lookalikes: Readonly<Record<string, string>> = {
  '’': "'", '‘': "'", '“': '"', '”': '"', '«': '"', '»': '"', '–': '-', '—': '-', '‑': '-', '…': '...',
  œ: 'oe', Œ: 'OE', '\u00a0': ' ', '\u202f': ' ', '\u2009': ' ',
}

/** Septets of one character in the GSM 7-bit alphabet; undefined when it has none. */
export function septetsOf(char: string): number | undefined {
  return septets.get(char)
}

/** Septets of a text in the GSM 7-bit alphabet, or null when it needs UCS-2. */
export function gsmSeptets(text: string): number | null {
  let sum = 0
  for (const char of text) {
    const size = septetsOf(char)
    if (size === undefined) return null
    sum += size
  }
  return sum
}

/** Latin text in GSM-7: ê becomes e, ’ becomes ', pictures vanish. Other scripts stay: legible beats cheap. */
export function toGsm(text: string): string {
  const unadorned = text.normalize('NFC').replace(/\p{Extended_Pictographic}[\ufe0f\u200d]*/gu, '')
  return oneLine(Array.from(unadorned, gsmLetter).join(''))
}

function gsmLetter(char: string): string {
  if (septets.has(char)) return char
  const twin = lookalikes[char] ?? char.normalize('NFKD').replace(/\p{M}/gu, '')
  return gsmSeptets(twin) === null ? char : twin
}

/** The fullest text that one segment carries; else the shortest, its title cut to the room that is left. */
export function fitSms(title: string, fullestFirst: readonly ((title: string) => string)[]): string {
  const texts = fullestFirst.map(write => toGsm(write(title)))
  const fitting = texts.find(text => (gsmSeptets(text) ?? Infinity) <= segmentSeptets)
  if (fitting !== undefined) return fitting
  const shortest = fullestFirst.at(-1) ?? String
  const plain = toGsm(title)
  // Measured around one letter: around nothing, two blanks would meet and be joined.
  const withLetter = gsmSeptets(toGsm(shortest('x')))
  if (withLetter === null || gsmSeptets(plain) === null) {
    const room = twoSegmentsChars - toGsm(shortest('x')).length + 1
    const maxChars = Math.max(minForeignTitleChars, Math.min(maxForeignTitleChars, room))
    return toGsm(shortest(clip(plain, maxChars, '...')))
  }
  return toGsm(shortest(cutToSeptets(plain, segmentSeptets - withLetter + 1)))
}

function cutToSeptets(text: string, room: number): string {
  let cut = text
  for (let chars = text.length; (gsmSeptets(cut) ?? 0) > room && chars > 0; chars--) cut = clip(text, chars, '...')
  return cut
}
