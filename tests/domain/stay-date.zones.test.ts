import { describe, expect, test } from 'vitest'
import { formatStayDate, formatStayDateShort, nightsBetween, stayDate } from '../../src/domain/stay-date.ts'

describe('a stay date names the same day in every zone', () => {
  test.each([
    ['2026-12-12', 'fr', 'samedi 12 décembre 2026'],
    ['2026-12-12', 'en', 'Saturday 12 December 2026'],
    ['2027-01-01', 'fr', 'vendredi 1er janvier 2027'],
    ['2027-01-01', 'en', 'Friday 1 January 2027'],
    ['2026-12-31', 'fr', 'jeudi 31 décembre 2026'],
    ['2028-02-29', 'fr', 'mardi 29 février 2028'],
    ['2026-03-29', 'fr', 'dimanche 29 mars 2026'],
  ] as const)('%s in %s: %s', (date, locale, shown) => {
    expect(formatStayDate(date, locale)).toBe(shown)
  })

  test('and short', () => {
    expect(formatStayDateShort('2026-03-01', 'fr')).toBe('01/03/2026')
    expect(formatStayDateShort('2026-03-01', 'en')).toBe('1 Mar 2026')
  })
})

describe('nights are counted in days, not in hours', () => {
  test.each([
    ['2026-12-12', '2026-12-15', 3],
    ['2026-03-28', '2026-03-30', 2],
    ['2026-09-26', '2026-09-28', 2],
    ['2026-10-31', '2026-11-02', 2],
    ['2026-12-31', '2027-01-01', 1],
    ['2028-02-28', '2028-03-01', 2],
    ['2026-12-12', '2026-12-12', 0],
    ['2026-12-12', '2026-12-11', -1],
  ])('%s to %s: %i', (checkIn, checkOut, nights) => {
    expect(nightsBetween(checkIn, checkOut)).toBe(nights)
  })
})

test.each([
  '2026-02-29',
  '2026-13-01',
  '2026-04-31',
  '2026-1-1',
  '12/12/2026',
  '2026-12-12T00:00:00Z',
  '',
  ' 2026-12-12',
])('%j is no stay date', text => {
  expect(stayDate.safeParse(text).success).toBe(false)
  expect(() => formatStayDate(text, 'fr')).toThrow()
  expect(() => nightsBetween(text, '2026-12-12')).toThrow()
})
