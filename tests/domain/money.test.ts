import { describe, expect, test } from 'vitest'
import { formatMoney } from '../../src/domain/money.ts'

describe('money is shown as the reader writes it', () => {
  test.each([
    [123_450, 'EUR', 'fr', '1\u202f234,50\u00a0€'],
    [123_450, 'EUR', 'en', '€1,234.50'],
    [29, 'EUR', 'fr', '0,29\u00a0€'],
    [0, 'EUR', 'fr', '0,00\u00a0€'],
    [1_000, 'JPY', 'en', 'JP¥1,000'],
    [15_000, 'XOF', 'fr', '15\u202f000\u00a0F\u202fCFA'],
    [5_120, 'KWD', 'en', 'KWD\u00a05.120'],
    [1_234_500, 'HUF', 'en', 'HUF\u00a012,345'],
    [1_234_550, 'HUF', 'en', 'HUF\u00a012,345.50'],
    [50_000, 'ISK', 'en', 'ISK\u00a0500'],
    [999_999_999_999, 'EUR', 'en', '€9,999,999,999.99'],
  ] as const)('%i %s in %s: %s', (minor, currency, locale, shown) => {
    expect(formatMoney({ minor, currency }, locale)).toBe(shown)
  })
})

test('every whole cent up to 100 euros is shown exactly', () => {
  for (let minor = 0; minor <= 10_000; minor++) {
    const shown = formatMoney({ minor, currency: 'EUR' }, 'en').replace(/[€,.]/g, '')
    if (Number(shown) !== minor) expect.fail(`${minor} is shown as ${shown}`)
  }
})

test.each([
  [0.5, 'EUR'],
  [-1, 'EUR'],
  [Number.NaN, 'EUR'],
  [1e12 + 1, 'EUR'],
  [100, 'eur'],
  [100, 'ABC'],
  [100, '€'],
])('%d %s is refused', (minor, currency) => {
  expect(() => formatMoney({ minor, currency }, 'fr')).toThrow()
})
