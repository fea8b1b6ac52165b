import { z } from 'zod'
import { listOf, variable, wholeNumber } from './values.ts'

const maxPerPersonPerDay = 1_000
const maxPerDay = 10_000_000
const maxSpendPerDayMinor = 100_000_000

/** France with its overseas parts, and the countries its guests mostly come from. */
// biome-ignore format: a list reads best in one block
const usualCountries = [
  'FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'NC', 'PF', 'WF',
  'BE', 'CH', 'LU', 'MC', 'AD', 'DE', 'AT', 'NL', 'ES', 'PT', 'IT', 'GB', 'IE',
]
const usualPrices: Readonly<Record<string, string>> = { '*': '10' }

const country = z.string().regex(/^[A-Z]{2}$/)
const price = z.string().regex(/^([A-Z]{2}|\*)=\d{1,5}(\.\d{1,2})?$/)

/** Where SMS may go and what they may cost: a stolen sign-up form is paid by us, by the SMS. */
export const smsVariables = {
  SMS_COUNTRIES: variable(listOf(country).default(usualCountries), {
    about: 'countries whose numbers get SMS; a number of any other gets none',
    expected: 'a comma separated list of ISO 3166-1 alpha-2 codes',
    example: 'FR,BE,CH',
  }),
  SMS_PRICES: variable(
    listOf(price)
      .refine(items => items.some(item => item.startsWith('*=')))
      .transform((items): Readonly<Record<string, string>> => Object.fromEntries(items.map(item => item.split('='))))
      .default(usualPrices),
    {
      about: 'what one segment costs, in minor units of the currency of your bill, by country; * is for the others',
      expected: 'a comma separated list of <country>=<price>, with one for *',
      example: 'FR=7.98,BE=11.2,*=15',
    },
  ),
  SMS_PER_PERSON_PER_DAY: variable(wholeNumber(1, maxPerPersonPerDay).default(50), {
    about: 'SMS one number gets at most per day (UTC), whatever they are about',
    expected: `a whole number from 1 to ${maxPerPersonPerDay}`,
    example: '50',
  }),
  SMS_PER_DAY: variable(wholeNumber(1, maxPerDay).default(20_000), {
    about: 'SMS sent at most per day (UTC), all together',
    expected: `a whole number from 1 to ${maxPerDay}`,
    example: '20000',
  }),
  SMS_SPEND_PER_DAY_MINOR: variable(wholeNumber(1, maxSpendPerDayMinor).default(200_000), {
    about: 'what SMS cost at most per day (UTC) by SMS_PRICES, in the same minor units',
    expected: `a whole number from 1 to ${maxSpendPerDayMinor}`,
    example: '200000',
  }),
}

type Variables = { readonly [Name in keyof typeof smsVariables]: z.output<(typeof smsVariables)[Name]> }

/** Where SMS may go and what they may cost. */
export interface SmsLimits {
  readonly countries: readonly string[]
  /** Of one segment in minor units, by country, as decimal texts: Postgres adds them without rounding. `*` for the others. */
  readonly prices: Readonly<Record<string, string>>
  readonly perPersonPerDay: number
  readonly perDay: number
  readonly spendPerDayMinor: number
}

/** These variables as settings. */
export function smsLimits(env: Variables): SmsLimits {
  return {
    countries: env.SMS_COUNTRIES,
    prices: env.SMS_PRICES,
    perPersonPerDay: env.SMS_PER_PERSON_PER_DAY,
    perDay: env.SMS_PER_DAY,
    spendPerDayMinor: env.SMS_SPEND_PER_DAY_MINOR,
  }
}
