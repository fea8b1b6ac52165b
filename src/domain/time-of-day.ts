import type { Locale } from './locale.ts'

/** `HH:MM` as people read it: « 15 h », « 15 h 30 », "15:00". Intl writes 15:30 in French too, which French books do not. */
export function formatTimeOfDay(time: string, locale: Locale): string {
  if (locale === 'en') return time
  const [hours, minutes] = [String(Number(time.slice(0, 2))), time.slice(3)]
  return minutes === '00' ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${minutes}`
}
