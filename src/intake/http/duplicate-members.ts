import { z } from 'zod'
import { pointerTo } from './pointer.ts'

/** Of each item of an array, and of anything else in all. */
const maxFound = 20
/** What lies deeper is refused for that, and not looked at. */
const maxOpen = 64
/** Where texts begin, and what opens, closes and separates; all else (numbers, literals, colons) says nothing of names. */
const signs = /["{}[\],]/g
const text = z.string()

type Open = { readonly names: Set<string>; place: string; isName: boolean } | { readonly names: null; place: number }

/**
 * JSON pointers to members that repeat a name of their object, of which JSON.parse keeps only the last (RFC 8259, 4: what
 * becomes of them is unpredictable). The text must be valid JSON.
 */
export function duplicateMembers(json: string): string[] {
  const found: string[] = []
  const open: Open[] = []
  let foundHere = 0
  let deeper = 0
  for (const part of partsOf(json)) {
    const top = open.at(-1)
    if (part === '{' || part === '[') {
      if (open.length === maxOpen) deeper += 1
      else open.push(part === '{' ? { names: new Set(), place: '', isName: true } : { names: null, place: 0 })
    } else if (part === '}' || part === ']') {
      if (deeper > 0) deeper -= 1
      else open.pop()
    } else if (top === undefined || deeper > 0) continue
    else if (top.names === null) {
      if (part !== ',') continue
      top.place += 1
      if (open.length === 1) foundHere = 0
    } else if (part === ',') top.isName = true
    else if (top.isName) {
      top.isName = false
      top.place = text.parse(JSON.parse(part))
      if (top.names.has(top.place) && foundHere < maxFound) {
        foundHere += 1
        found.push(pointerTo(open.map(({ place }) => place)))
      }
      top.names.add(top.place)
    }
  }
  return found
}

/** Texts with their quotes, and signs. No pattern over a whole text: one of millions of escapes would be too much for it. */
function* partsOf(json: string): Generator<string> {
  const next = new RegExp(signs)
  for (let match = next.exec(json); match !== null; match = next.exec(json)) {
    const [sign] = match
    if (sign === '"') {
      const end = endOfText(json, match.index)
      next.lastIndex = end
      yield json.slice(match.index, end)
    } else yield sign
  }
}

/** Behind the quote that closes the text: one with an even number of backslashes before it. */
function endOfText(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let before = quote - 1
    while (json[before] === '\\') before -= 1
    if ((quote - before) % 2 === 1) return quote + 1
  }
  return json.length
}
