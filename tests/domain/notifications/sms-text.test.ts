import { describe, expect, test } from 'vitest'
import { fitSms, gsmSeptets, toGsm } from '../../../src/domain/notifications/sms-text.ts'

test.each([
  ['réservation confirmée à Sète', 28],
  ['12 €', 5],
  ['[a]~', 7],
  ['ÇÉÑßΩ', 5],
  ['fenêtre', null],
  ['garçon', null],
  ['l’été', null],
  ['1\u00a0234', null],
  ['', 0],
])('%j takes %s septets', (text, count) => {
  expect(gsmSeptets(text)).toBe(count)
})

test.each([
  ['Fenêtre sur le Français', 'Fenetre sur le Francais'],
  ['« L’œuf » – hôtel…', '" L\'oeuf " - hotel...'],
  ['1\u202f234,50\u00a0€', '1 234,50 €'],
  ['Łódź Ørsted', 'Łodz Ørsted'],
  ['Cosy ❤️ flat 🏖', 'Cosy flat'],
  ['e\u0301te\u0301', 'été'],
  ['東京', '東京'],
])('%j is written %j', (text, written) => {
  expect(toGsm(text)).toBe(written)
})

const long = (title: string) => `${title} ${'x'.repeat(100)}`
const short = (title: string) => `${title} is yours`

describe('fitSms', () => {
  test('takes the fullest text that one segment carries', () => {
    expect(fitSms('Villa', [long, short])).toBe(long('Villa'))
    expect(fitSms('V'.repeat(70), [long, short])).toBe(short('V'.repeat(70)))
  })

  test('else cuts the title so that the shortest fills one segment, never more', () => {
    for (const title of ['V'.repeat(300), '€'.repeat(300), 'Château '.repeat(30)]) {
      const text = fitSms(title, [long, short])
      expect(text).toMatch(/\.\.\. is yours$/)
      expect(gsmSeptets(text)).toBeLessThanOrEqual(160)
      expect(gsmSeptets(text)).toBeGreaterThan(150)
    }
  })

  test('keeps a title that GSM-7 cannot write, shortened', () => {
    expect(fitSms('東京の家', [long, short])).toBe('東京の家 is yours')
    expect(fitSms('東'.repeat(100), [long, short])).toBe(`${'東'.repeat(27)}... is yours`)
  })
})
