import { z } from 'zod'
import { pointerTo } from './pointer.ts'

const maxFound = 20
/** Texts and what opens, closes and separates; everything between (numbers, literals, colons) says nothing of names. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],]/g
const text = z.string()

type Open = { readonly names: Set<string>; place: string; isName: boolean } | { readonly names: null; place: number }

/**
 * JSON pointers to members that repeat a name of their object, of which JSON.parse keeps only the last (RFC 8259, 4: what
 * becomes of them is unpredictable). The text must be valid JSON.
 */
export function duplicateMembers(json: string): string[] {
  const found: string[] = []
  const open: Open[] = []
  for (const [part] of json.matchAll(token)) {
    const top = open.at(-1)
    if (part === '{') open.push({ names: new Set(), place: '', isName: true })
    else if (part === '[') open.push({ names: null, place: 0 })
    else if (part === '}' || part === ']') open.pop()
    else if (top === undefined) continue
    else if (top.names === null) {
      if (part === ',') top.place += 1
    } else if (part === ',') top.isName = true
    else if (top.isName) {
      top.isName = false
      top.place = text.parse(JSON.parse(part))
      if (top.names.has(top.place) && found.length < maxFound) found.push(pointerTo(open.map(({ place }) => place)))
      top.names.add(top.place)
    }
  }
  return found
}
