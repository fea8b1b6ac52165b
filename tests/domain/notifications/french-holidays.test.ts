import { expect, test } from 'vitest'
import { isFrenchHoliday } from '../../../src/domain/notifications/french-holidays.ts'

function holidaysOf(country: string, year: number): string[] {
  const days = Array.from({ length: 366 }, (_, index) =>
    new Date(Date.UTC(year, 0, 1 + index)).toISOString().slice(0, 10),
  )
  return days.filter(day => day.startsWith(String(year)) && isFrenchHoliday(country, day)).map(day => day.slice(5))
}

test('France has eleven holidays, and the two of Alsace and Moselle', () => {
  // Of https://www.service-public.fr/particuliers/vosdroits/F2405 for 2026.
  // biome-ignore format: the year in its order
  expect(holidaysOf('FR', 2026)).toEqual([
    '01-01', '04-03', '04-06', '05-01', '05-08', '05-14', '05-25', '07-14', '08-15', '11-01', '11-11', '12-25', '12-26',
  ])
})

test.each([
  ['2024-04-01', 'Easter Monday'],
  ['2025-04-21', 'Easter Monday'],
  ['2027-03-29', 'Easter Monday'],
  ['2024-05-09', 'Ascension Day'],
  ['2027-05-17', 'Whit Monday'],
  // The latest Easter of the century is on 25 April, the earliest anybody will live to see on 23 March.
  ['2038-04-26', 'Easter Monday'],
  ['2160-03-24', 'Easter Monday'],
])('%s is %s', day => {
  expect(isFrenchHoliday('FR', day)).toBe(true)
  expect(isFrenchHoliday('RE', day)).toBe(true)
})

test('Ascension Day may fall on another holiday', () => {
  expect(holidaysOf('PM', 2008).filter(day => day.startsWith('05'))).toEqual(['05-01', '05-08', '05-12'])
})

test.each([
  ['GP', '05-27'],
  ['GF', '06-10'],
  ['MQ', '05-22'],
  ['RE', '12-20'],
  ['YT', '04-27'],
  ['BL', '10-09'],
  ['MF', '05-28'],
])('%s has the end of slavery on %s, and not the days of Alsace', (country, day) => {
  const days = holidaysOf(country, 2026)
  expect(days).toContain(day)
  expect(days).toHaveLength(12)
  expect(days).not.toContain('12-26')
})

test('other countries have none of them', () => {
  expect(holidaysOf('BE', 2026)).toEqual([])
})
