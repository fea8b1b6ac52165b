import type { Locale } from '../locale.ts'
import type { CategoryName } from './categories.ts'
import { clip, oneLine } from './one-line.ts'
import { colon } from './templates/french.ts'

/** A longer list is not read. */
export const maxDigestItems = 20
const maxItemChars = 200

/** One message of a digest. Both are texts of strangers. */
export interface DigestItem {
  readonly title: string
  readonly body: string
}

interface Words {
  readonly heading: (count: number, category: CategoryName) => string
  readonly between: string
  readonly more: (count: number, category: CategoryName) => string
}

const words: Readonly<Record<Locale, Words>> = {
  fr: {
    heading: (count, category) =>
      category === 'message' ? `${count} messages vous attendent` : `${count} nouvelles pour vous`,
    between: `${colon} `,
    more: (count, category) =>
      count > 1 ? `Et ${count} autres.` : `Et ${category === 'message' ? 'un' : 'une'} autre.`,
  },
  en: {
    heading: (count, category) =>
      category === 'message' ? `${count} messages are waiting for you` : `${count} pieces of news for you`,
    between: ': ',
    more: count => (count > 1 ? `And ${count} more.` : 'And one more.'),
  },
}

/** Writes many messages as one: the first {@link maxDigestItems} are named, of `count` in all. A single one is told as it is. */
export function writeDigest(
  locale: Locale,
  category: CategoryName,
  items: readonly DigestItem[],
  count: number,
): DigestItem {
  const [only, ...others] = items
  if (only !== undefined && others.length === 0 && count === 1) return only
  const { heading, between, more } = words[locale]
  const lines = items.slice(0, maxDigestItems).map(item => lineOf(item, between))
  const left = count - lines.length
  return { title: heading(count, category), body: [...lines, ...(left > 0 ? [more(left, category)] : [])].join('\n\n') }
}

function lineOf({ title, body }: DigestItem, between: string): string {
  const said = [oneLine(title), oneLine(body)].filter(text => text !== '').join(between)
  return clip(said, maxItemChars)
}
