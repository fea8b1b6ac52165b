import { expect, test } from 'vitest'
import { pickLocale } from '../../src/domain/locale.ts'

test.each([
  [{}, 'fr'],
  [{ userLocale: null, country: null }, 'fr'],
  [{ userLocale: 'en' }, 'en'],
  [{ userLocale: 'EN_us', country: 'FR' }, 'en'],
  [{ userLocale: 'fr-CA', country: 'CA' }, 'fr'],
  [{ userLocale: 'de', country: 'GB' }, 'en'],
  [{ userLocale: 'de', country: 'DE' }, 'fr'],
  [{ userLocale: 'english', country: 'be' }, 'fr'],
  [{ country: 'us' }, 'en'],
  [{ country: 'constructor' }, 'fr'],
  [{ userLocale: '' }, 'fr'],
])('the reader %j reads %s', (reader, locale) => {
  expect(pickLocale(reader)).toBe(locale)
})
