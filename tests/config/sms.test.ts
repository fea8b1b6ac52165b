import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { faultsIn } from './environments.ts'

const development = { NODE_ENV: 'development' }

test('SMS go to France with its overseas parts and the countries around it, at a price nobody can be surprised by', () => {
  const { countries, prices } = loadConfig(development).sms
  expect(countries).toEqual(expect.arrayContaining(['FR', 'RE', 'BE', 'CH', 'DE', 'GB']))
  // Islands with numbers that look British, and prices that do not.
  expect(countries).not.toEqual(expect.arrayContaining(['GG']))
  expect(prices).toEqual({ '*': '10' })
})

test('prices keep their hundredths', () => {
  const env = { ...development, SMS_PRICES: 'FR=7.98, *=15', SMS_COUNTRIES: 'FR' }
  expect(loadConfig(env).sms).toMatchObject({ countries: ['FR'], prices: { FR: '7.98', '*': '15' } })
})

test.each([
  ['SMS_PRICES', 'FR=7.98'],
  ['SMS_PRICES', 'FR=7.988,*=10'],
  ['SMS_PRICES', 'FR=-1,*=10'],
  ['SMS_PRICES', 'France=8,*=10'],
  ['SMS_COUNTRIES', 'FR,fr'],
  ['SMS_COUNTRIES', ','],
  ['SMS_PER_PERSON_PER_DAY', '0'],
  ['SMS_SPEND_PER_DAY_MINOR', '100.5'],
])('%s=%s is refused', (name, value) => {
  expect(faultsIn({ ...development, [name]: value }).map(({ variable }) => variable)).toEqual([name])
})
