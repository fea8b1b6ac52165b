import { instantAt } from '../schedules/instant-at.ts'
import { offsetAt } from '../schedules/zone.ts'
import type { CategoryName } from './categories.ts'

const dayMs = 86_400_000
/** The time of day at which digests go out, where their readers are. */
const closesAtTime = '18:00'
const gatheredCategories: ReadonlySet<CategoryName> = new Set(['message', 'news'])

/** A day's worth of messages. */
export interface DigestWindow {
  /** On the evening of which it closes: `YYYY-MM-DD`, in the zone of the reader. */
  readonly day: string
  readonly closesAt: Date
}

/** What decides whether a notification waits for a digest. */
interface Gatherable {
  readonly user_id: string | null
  readonly category: CategoryName
  readonly urgency: 'low' | 'normal' | 'high'
  readonly title: string | null
  readonly channels: readonly string[] | null
  readonly expires_at: Date | null
}

/** The window that is open at `now`. */
export function digestWindow(zone: string, now: Date): DigestWindow {
  const shown = now.getTime() + offsetAt(zone, now.getTime())
  const today = windowOf(shown, zone)
  return today.closesAt > now ? today : windowOf(shown + dayMs, zone)
}

/** The window after another one. */
export function nextWindow({ day }: DigestWindow, zone: string): DigestWindow {
  return windowOf(Date.parse(day) + dayMs, zone)
}

/** Whether a notification is told with others: in no hurry, of a kind that comes in numbers, and still true when they are told. */
export function isGathered(notification: Gatherable, { closesAt }: DigestWindow): boolean {
  const { user_id, category, urgency, title, channels, expires_at } = notification
  if (user_id === null || title === null || channels !== null) return false
  return urgency === 'low' && gatheredCategories.has(category) && (expires_at === null || expires_at > closesAt)
}

function windowOf(shown: number, zone: string): DigestWindow {
  const day = new Date(shown).toISOString().slice(0, 10)
  return { day, closesAt: instantAt(day, closesAtTime, zone) }
}
